


def forward(self, input_1):
    net_1_stem_transpose = getattr(self, "net-1/stem/transpose")(input_1);  input_1 = None
    conv = self.Conv(net_1_stem_transpose);  net_1_stem_transpose = None
    net_1_stem_sigmoid = getattr(self, "net-1/stem/Sigmoid")(conv)
    net_1_stem_mul_1 = getattr(self, "net-1/stem/mul_1")(conv, net_1_stem_sigmoid);  conv = net_1_stem_sigmoid = None
    net_1_dw = getattr(self, "net-1/dw")(net_1_stem_mul_1)
    initializers_onnx_initializer_0 = self.initializers.onnx_initializer_0
    net_1_dw_add_1 = getattr(self, "net-1/dw/add_1")(net_1_dw, initializers_onnx_initializer_0);  net_1_dw = initializers_onnx_initializer_0 = None
    bn = self.bn(net_1_dw_add_1);  net_1_dw_add_1 = None
    net_1_se_mean = getattr(self, "net-1/se/Mean")(bn)
    initializers_onnx_initializer_1 = self.initializers.onnx_initializer_1
    net_1_se_squeeze = getattr(self, "net-1/se/Squeeze")(net_1_se_mean, initializers_onnx_initializer_1);  net_1_se_mean = initializers_onnx_initializer_1 = None
    initializers_onnx_initializer_2 = self.initializers.onnx_initializer_2
    net_1_se_reshape = getattr(self, "net-1/se/Reshape")(net_1_se_squeeze, initializers_onnx_initializer_2);  net_1_se_squeeze = initializers_onnx_initializer_2 = None
    net_1_se_expand = getattr(self, "net-1/se/expand")(net_1_se_reshape);  net_1_se_reshape = None
    net_1_se_sigmoid = getattr(self, "net-1/se/Sigmoid")(net_1_se_expand);  net_1_se_expand = None
    net_1_se_excite = getattr(self, "net-1/se/excite")(bn, net_1_se_sigmoid);  bn = net_1_se_sigmoid = None
    initializers_onnx_initializer_3 = self.initializers.onnx_initializer_3
    net_1_sub = getattr(self, "net-1/sub")(net_1_se_excite, initializers_onnx_initializer_3);  net_1_se_excite = initializers_onnx_initializer_3 = None
    initializers_onnx_initializer_4 = self.initializers.onnx_initializer_4
    net_1_div = getattr(self, "net-1/div")(net_1_sub, initializers_onnx_initializer_4);  net_1_sub = initializers_onnx_initializer_4 = None
    net_1_add = getattr(self, "net-1/add")(net_1_div, net_1_stem_mul_1);  net_1_div = net_1_stem_mul_1 = None
    net_1_relu = getattr(self, "net-1/relu")(net_1_add);  net_1_add = None
    net_1_pool = getattr(self, "net-1/pool")(net_1_relu);  net_1_relu = None
    initializers_onnx_initializer_5 = self.initializers.onnx_initializer_5
    net_1_predictions_mat_mul = getattr(self, "net-1/predictions/MatMul")(net_1_pool, initializers_onnx_initializer_5);  net_1_pool = initializers_onnx_initializer_5 = None
    net_1_gemm = getattr(self, "net-1/gemm")(net_1_predictions_mat_mul);  net_1_predictions_mat_mul = None
    return net_1_gemm
    