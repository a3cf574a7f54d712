using System.Buffers.Binary;
using Shared.Contracts.Reports;

namespace Relay.Server.Fleet.Usage;

/// <summary>The histograms of one row of usage, as the database stores them: whole numbers of eight bytes,
/// little-endian, without the zeros at the end.</summary>
internal sealed class UsageBins
{
    private const int FirstScore = LatencyHistogram.Buckets;
    private const int FirstLabel = FirstScore + ScoreBins.Bins;
    private readonly long[] _bins = new long[FirstLabel + UsageBounds.Labels];

    public Span<long> Latency => _bins.AsSpan(0, LatencyHistogram.Buckets);

    public Span<long> Scores => _bins.AsSpan(FirstScore, ScoreBins.Bins);

    public Span<long> Labels => _bins.AsSpan(FirstLabel, UsageBounds.Labels);

    public void Add(VersionUsage usage)
    {
        usage.Latency?.AddTo(Latency);
        usage.Scores?.AddTo(Scores);
        usage.Labels?.AddTo(Labels);
    }

    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < Math.Min(_bins.Length, bytes.Length / sizeof(long)); i++)
        {
            _bins[i] = Math.Min(_bins[i] + BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]), UsageBounds.Count);
        }
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[(_bins.AsSpan().LastIndexOfAnyExcept(0) + 1) * sizeof(long)];
        for (int i = 0; i < bytes.Length / sizeof(long); i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), _bins[i]);
        }

        return bytes;
    }
}
