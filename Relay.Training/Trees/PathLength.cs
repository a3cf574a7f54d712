namespace Relay.Training.Trees;

/// <summary>Path lengths in binary search trees, which isolation trees are measured by (Liu, Ting and Zhou 2008, section 2).</summary>
internal static class PathLength
{
    private const double EulerGamma = 0.577_215_664_901_532_9;

    /// <summary>The mean length of an unsuccessful search among <paramref name="rows"/> rows, c(n) of the paper; 1 for two rows,
    /// where the paper's approximation of harmonic numbers is far off and scikit-learn says 1 too.</summary>
    public static double OfUnsuccessfulSearch(int rows) => rows switch
    {
        <= 1 => 0,
        2 => 1,
        _ => (2 * (Math.Log(rows - 1) + EulerGamma)) - (2.0 * (rows - 1) / rows),
    };

    /// <summary>The depth at which an isolation tree stops: that of an average tree.</summary>
    public static int Limit(int rows) => (int)Math.Ceiling(Math.Log2(rows));
}
