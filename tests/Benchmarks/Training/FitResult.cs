namespace Benchmarks.Training;

/// <summary>What a process that trained once says of it.</summary>
/// <param name="Seconds">Wall time of fitting, with binning or conversion of the matrix.</param>
/// <param name="CpuSeconds">Processor time of the same, over all threads.</param>
/// <param name="PeakBytes">Most memory that was resident until the fit was done.</param>
/// <param name="MacroF1">On the official held-out split.</param>
internal sealed record FitResult(double Seconds, double CpuSeconds, double PeakBytes, double MacroF1);
