using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Relay.Training.Engines.Common.Binning;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Common.Checkpoints;

/// <summary>One digest of all that decides what an engine learns: its name, the parameters and the binned rows. With shards, of
/// the rows of all, shard by shard: a run goes on with as many shards as it began with.</summary>
internal static class CheckpointFingerprint
{
    /// <returns>SHA-256.</returns>
    public static byte[] Digest(string engine, ModelParameters parameters, BinnedRows data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(engine));
        hash.AppendData(SpecDigestText.Write(parameters));
        Append<int>(hash, data.Features);
        foreach (ColumnBins bins in data.Bins)
        {
            Append<float>(hash, [.. Enumerable.Range(0, bins.Bins).Select(bins.Threshold)]);
        }

        foreach (byte[] column in data.ByColumn)
        {
            Append<byte>(hash, column);
        }

        Append<int>(hash, data.Labels);
        Append<float>(hash, data.Targets);
        Append<float>(hash, data.SampleWeights);
        Append<byte>(hash, data.Multiplicity);
        Append<int>(hash, data.RowOf);
        return data.Shards.Size == 1
            ? hash.GetHashAndReset()
            : SHA256.HashData([.. data.Shards.Gather(hash.GetHashAndReset()).SelectMany(digest => digest)]);
    }

    private static void Append<T>(IncrementalHash hash, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        hash.AppendData(BitConverter.GetBytes(values.Length));
        hash.AppendData(MemoryMarshal.AsBytes(values));
    }
}
