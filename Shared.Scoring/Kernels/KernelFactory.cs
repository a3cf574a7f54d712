using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>Creates the kernel that a forest runs on until a faster one has been measured.</summary>
internal delegate ForestKernel KernelFactory(TreeForest forest);
