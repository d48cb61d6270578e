// Loads TorchScript and runs it. Nothing of LibTorch leaves this file but plain arrays and typed
// errors.
#include "network/network.hpp"

#include "speciesnet/error.hpp"

#include "network/network_threads.hpp"

#include <cstring>
#include <string>
#include <utility>

#include <caffe2/serialize/inline_container.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/script.h>

namespace speciesnet {
namespace {

/// Lets LibTorch read an archive straight from mapped or embedded memory.
class MemoryReader final : public caffe2::serialize::ReadAdapterInterface {
public:
    explicit MemoryReader(std::string_view content) : content_(content) {}

    std::size_t size() const override { return content_.size(); }

    std::size_t read(std::uint64_t position, void* buffer, std::size_t count,
                     const char* what) const override {
        if (position > content_.size() || count > content_.size() - position) {
            throw ModelError(ErrorCode::model_invalid,
                             std::string("archive ends early while reading ") + what);
        }
        std::memcpy(buffer, content_.data() + position, count);
        return count;
    }

private:
    std::string_view content_;
};

/// TorchScript archives have constants beside their code; what torch.save() writes is a pickle
/// alone.
void check_is_torchscript(const PackageFile& file) {
    const auto not_converted = [&] {
        throw ModelError(ErrorCode::model_not_converted,
                         "'" + file.origin() +
                             "' holds pickled PyTorch weights, which this engine does not run as "
                             "they are; convert the "
                             "package once with `speciesnet model import` or `speciesnet-export`");
    };
    if (file.content().starts_with("\x80\x02")) {
        not_converted();
    }
    if (!file.content().starts_with("PK\x03\x04")) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + file.origin() + "' is no TorchScript archive");
    }
    caffe2::serialize::PyTorchStreamReader archive(std::make_shared<MemoryReader>(file.content()));
    if (!archive.hasRecord("constants.pkl") && archive.hasRecord("data.pkl")) {
        not_converted();
    }
}

/// The first line of a LibTorch message: the rest is a C++ stack.
std::string first_line(const std::exception& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
}

at::Tensor first_tensor(const c10::IValue& output) {
    if (output.isTensor()) {
        return output.toTensor();
    }
    if (output.isTuple() && !output.toTupleRef().elements().empty() &&
        output.toTupleRef().elements()[0].isTensor()) {
        return output.toTupleRef().elements()[0].toTensor();
    }
    throw ModelError(ErrorCode::model_contract, "the network's output is not a tensor");
}

}  // namespace

class Network::Module {
public:
    explicit Module(const PackageFile& file) : origin_(file.origin()) {
        check_is_torchscript(file);
        auto module = torch::jit::load(std::make_shared<MemoryReader>(file.content()),
                                       c10::Device(c10::kCPU));
        module.eval();
        // Freezing makes the weights constants and folds BatchNorm into the convolutions.
        module_ = torch::jit::freeze(module);
        // The interpreter runs the frozen graph as it is. LibTorch's default executor would instead
        // spend the first calls on profiling, and again for every new picture size.
        code_ = torch::jit::Code(module_.get_method("forward").graph(), "forward");
    }

    FloatArray forward(const FloatArray& input) const {
        const c10::InferenceMode inference;
        // from_blob() wants a pointer to mutable data; the networks never write to their input.
        const auto tensor =
            torch::from_blob(const_cast<float*>(input.values.data()), input.shape, torch::kFloat32);
        torch::jit::Stack stack{module_._ivalue(), tensor};
        torch::jit::InterpreterState(code_).run(stack);
        const auto output = first_tensor(stack.front()).to(torch::kFloat32).contiguous();
        FloatArray result;
        result.shape.assign(output.sizes().begin(), output.sizes().end());
        result.values.assign(output.data_ptr<float>(), output.data_ptr<float>() + output.numel());
        return result;
    }

    const std::string& origin() const noexcept { return origin_; }

private:
    std::string origin_;
    torch::jit::Module module_;
    torch::jit::Code code_;
};

Network::Network(const PackageFile& file, std::shared_ptr<NetworkThreads> threads)
    : threads_(std::move(threads)) {
    threads_->queue_->run([&] {
        try {
            module_ = std::make_unique<Module>(file);
        } catch (const Error&) {
            throw;
        } catch (const std::exception& error) {
            throw ModelError(
                ErrorCode::model_invalid,
                "'" + file.origin() + "' is no usable TorchScript: " + first_line(error));
        }
    });
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

FloatArray Network::forward(const FloatArray& input) const {
    FloatArray output;
    threads_->queue_->run([&] {
        try {
            output = module_->forward(input);
        } catch (const Error&) {
            throw;
        } catch (const std::exception& error) {
            throw ModelError(ErrorCode::network_failed,
                             "'" + module_->origin() + "' failed: " + first_line(error));
        }
    });
    return output;
}

}  // namespace speciesnet
