namespace Benchmarks.Quality;

/// <summary>The figures that sides are compared by.</summary>
/// <param name="Auc">One class against all others, averaged over the classes.</param>
internal readonly record struct QualityFigures(double MacroF1, double LogLoss, double Auc)
{
    public static (string Name, bool IsHigherBetter, Func<QualityFigures, double> Value)[] All { get; } =
    [
        ("macro-f1", true, f => f.MacroF1),
        ("log-loss", false, f => f.LogLoss),
        ("auc", true, f => f.Auc),
    ];
}
