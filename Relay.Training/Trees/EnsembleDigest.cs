using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relay.Training.Trees;

/// <summary>One hash over all that an ensemble is, for telling whether two are the same bit by bit.</summary>
public static class EnsembleDigest
{
    /// <returns>SHA-256, lower-case hexadecimal.</returns>
    public static string Compute(TreeEnsemble ensemble)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append<int>(hash, [ensemble.FeatureCount, ensemble.OutputCount, (int)ensemble.Link, ensemble.Trees.Count]);
        Append<float>(hash, ensemble.BaseValues);
        Append<float>(hash, ensemble.Offset is { } offset ? [offset] : []);
        foreach (Tree tree in ensemble.Trees)
        {
            Append<int>(hash, [tree.NodeCount, tree.Output, tree.LeafValues.Length]);
            Append<int>(hash, tree.Feature);
            Append<float>(hash, tree.Threshold);
            Append<int>(hash, tree.Left);
            Append<int>(hash, tree.Right);
            Append<bool>(hash, tree.MissingLeft);
            Append<float>(hash, tree.LeafValues);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append<T>(IncrementalHash hash, ReadOnlySpan<T> values)
        where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values));
}
