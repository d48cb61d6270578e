import torch
def forward(self, x : torch.Tensor, y) -> torch.Tensor:
    # note
    a : torch.Tensor = torch.pad(x, [1, -2], (0.5, 1e-05), mode = 'c\'t', flag = True);  x = y = None
    b = getattr(getattr(self.m, "0"), "p/q").r(a)
    return (b,)
