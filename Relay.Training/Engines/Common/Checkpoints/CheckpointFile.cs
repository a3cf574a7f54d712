using System.Security.Cryptography;
using Relay.Training.Engines.Common.Sharding;
using Shared.Platform.Files;

namespace Relay.Training.Engines.Common.Checkpoints;

/// <summary>The file of a checkpoint: a mark, the digest of what it belongs to, what the engine has learned, and a hash of it all.
/// It is replaced in one step: a run that dies while writing leaves the one before.</summary>
/// <param name="owner">SHA-256 of the data and the parameters, see <see cref="CheckpointFingerprint"/>.</param>
/// <param name="shards">The first of them writes and reads the file.</param>
internal sealed class CheckpointFile(TrainingCheckpoint checkpoint, byte[] owner, IShardGroup shards)
{
    private const int DigestBytes = SHA256.HashSizeInBytes;
    private long _written = checkpoint.Time.GetTimestamp();

    private static ReadOnlySpan<byte> Mark => "relay-checkpoint-1\n"u8;

    /// <summary>Whether it is time to write again.</summary>
    public bool IsDue => shards.Rank == 0 && checkpoint.Time.GetElapsedTime(_written) >= checkpoint.Interval;

    public void Write(Action<BinaryWriter> learned)
    {
        if (shards.Rank != 0)
        {
            return;
        }

        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(Mark);
        writer.Write(owner);
        learned(writer);
        writer.Flush();
        writer.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        writer.Flush();
        string temporary = checkpoint.Path + ".new";
        DurableFiles files = new();
        files.Write(temporary, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        files.Rename(temporary, checkpoint.Path);
        _written = checkpoint.Time.GetTimestamp();
    }

    /// <returns>What was learned, or null where there is no file.</returns>
    /// <exception cref="TrainingException">The file is damaged, or belongs to other data or parameters.</exception>
    public BinaryReader? Read()
    {
        byte[] own = shards.Rank == 0 && File.Exists(checkpoint.Path) ? File.ReadAllBytes(checkpoint.Path) : [];
        byte[] bytes = shards.Gather(own)[0];
        if (bytes.Length == 0 && shards.All(!File.Exists(checkpoint.Path) || shards.Rank != 0))
        {
            return null;
        }

        int start = Mark.Length + DigestBytes;
        if (bytes.Length < start + DigestBytes || !bytes.AsSpan().StartsWith(Mark)
            || !SHA256.HashData(bytes.AsSpan(..^DigestBytes)).AsSpan().SequenceEqual(bytes.AsSpan(^DigestBytes..)))
        {
            throw Refuse("is damaged or no checkpoint");
        }

        return bytes.AsSpan(Mark.Length, DigestBytes).SequenceEqual(owner)
            ? new BinaryReader(new MemoryStream(bytes, start, bytes.Length - start - DigestBytes, writable: false))
            : throw Refuse("belongs to a run on other data or with other parameters");
    }

    private TrainingException Refuse(string why) => new(
        TrainingFault.CheckpointMismatch,
        $"checkpoint {Path.GetFileName(checkpoint.Path)} {why}: delete it to start over, or name another file");
}
