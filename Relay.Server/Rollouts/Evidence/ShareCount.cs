using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Server.Rollouts.Evidence;

/// <summary>What a node reports by one metric, as sums over its usage windows: failed calls of all calls, slow calls of timed calls.</summary>
internal readonly record struct ShareCount(long Part, long Whole)
{
    /// <summary>The sums of both; those that would overflow stay at the highest number.</summary>
    public static ShareCount operator +(ShareCount left, ShareCount right) => new(Sum(left.Part, right.Part), Sum(left.Whole, right.Whole));

    /// <summary>The bin of the share. Between two bins the draw decides, in proportion to the distance, so that a value is right on average and
    /// the mean of an arm is not moved by the width of the bins.</summary>
    /// <param name="draw">From 0 to below 1; see <see cref="Draw"/>.</param>
    public int ToBin(double cap, double draw)
    {
        double share = Math.Clamp((double)Part / Whole, 0, cap);
        return Math.Min(BinCounts.Steps, (int)((share / cap * BinCounts.Steps) + draw));
    }

    /// <summary>A number from 0 to below 1 that no report can choose and that is the same each time: the first eight bytes, big endian, of SHA-256
    /// over salt, round, metric and node id, a line each.</summary>
    public static double Draw(string salt, int round, string metric, string nodeId)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(null, $"{salt}\n{round}\n{metric}\n{nodeId}")));
        return (BinaryPrimitives.ReadUInt64BigEndian(digest) >> 11) * Math.ScaleB(1, -53);
    }

    private static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
