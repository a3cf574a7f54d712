using System.Runtime.InteropServices;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Reproducing;

namespace Relay.Training.Federated;

/// <summary>The owners of a round as shards. Whatever leaves this owner is a sum's part under masks; nothing can be gathered
/// (docs/guides/federated.md).</summary>
public sealed class FederatedShardGroup : IShardGroup, IDisposable
{
    private const int MaxNumbers = RoundMessage.MaxPayload / sizeof(long);

    private readonly RoundDocument _round;
    private readonly RoundChannel _channel;
    private readonly StepMasks _masks;
    private readonly CancellationToken _cancellationToken;
    private bool _isStepOpen;

    private FederatedShardGroup(RoundDocument round, RoundChannel channel, StepMasks masks, CancellationToken cancellationToken)
    {
        (_round, _channel, _masks, _cancellationToken) = (round, channel, masks, cancellationToken);
    }

    public int Rank => _channel.Rank;

    public int Size => _round.Owners.Count;

    public bool SharesSumsOnly => true;

    /// <summary>Messages that this owner sent.</summary>
    public long Steps => _channel.Step;

    public long BytesSent => _channel.BytesSent;

    public long BytesReceived => _channel.BytesReceived;

    /// <summary>Why the round ended; null while it goes on. An engine may wrap what a sum threw.</summary>
    public RoundException? Failure { get; private set; }

    /// <summary>Waits for the other owners, and agrees on keys with them.</summary>
    /// <param name="cancellationToken">Also ends later sums.</param>
    /// <exception cref="RoundException">The round ended, or an owner is not who it has to be.</exception>
    public static FederatedShardGroup Join(RoundDocument round, OwnerKey key, IRoundTransport transport, CancellationToken cancellationToken)
    {
        if (round.Program != TrainingRecorder.Producer)
        {
            throw new RoundException(
                RoundFault.OtherProgram, $"The round is for relay {round.Program}, and this is {TrainingRecorder.Producer}: the models would differ");
        }

        RoundChannel channel = new(round, key, transport);
        try
        {
            return new FederatedShardGroup(round, channel, RoundHandshake.Run(round, channel, cancellationToken), cancellationToken);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <exception cref="RoundException">The round ended.</exception>
    public void Sum(Span<long> values)
    {
        for (int start = 0; start < values.Length; start += MaxNumbers)
        {
            SumPart(values.Slice(start, Math.Min(MaxNumbers, values.Length - start)));
        }
    }

    public byte[][] Gather(ReadOnlySpan<byte> own) => throw new InvalidOperationException("Owners of a round share sums only.");

    /// <summary>Compares the model with those of the other owners.</summary>
    /// <param name="sha256">Of this owner's model.</param>
    /// <exception cref="RoundException">The round ended, or the models differ.</exception>
    public void Finish(byte[] sha256)
    {
        byte[] mac = _masks.ComputeMac(sha256, OpenStep());
        ReadOnlyMemory<byte>[] all = Exchange(MessageKind.Done, mac);
        string[] others = [.. all.Index().Where(m => !m.Item.Span.SequenceEqual(mac)).Select(m => _round.Owners[m.Index].Name)];
        if (others.Length > 0)
        {
            throw Failure = new RoundException(
                RoundFault.ModelsDiffer, $"The model of {string.Join(", ", others)} has another SHA-256 than this owner's: no file was written");
        }
    }

    public void Dispose()
    {
        _masks.Dispose();
        _channel.Dispose();
    }

    private void SumPart(Span<long> values)
    {
        long step = OpenStep();
        long[] masked = values.ToArray();
        _masks.Mask(masked, step);
        byte[] payload = MemoryMarshal.AsBytes(masked.AsSpan()).ToArray();
        ReadOnlyMemory<byte>[] all = Exchange(MessageKind.Sum, payload);
        values.Clear();
        for (int owner = 0; owner < all.Length; owner++)
        {
            ReadOnlySpan<long> part = MemoryMarshal.Cast<byte, long>(all[owner].Span);
            if (all[owner].Length != payload.Length)
            {
                throw Failure = new RoundException(
                    RoundFault.WrongLength,
                    $"Owner {_round.Owners[owner].Name} sent {all[owner].Length} bytes at step {step}, and this owner {payload.Length}: "
                    + "it trains something else");
            }

            for (int i = 0; i < values.Length; i++)
            {
                values[i] = unchecked(values[i] + part[i]);
            }
        }

        _masks.Unmask(values, step);
        _isStepOpen = false;
    }

    // A step that failed has used its streams: other numbers under the same ones would show the difference. Nothing follows it.
    private long OpenStep()
    {
        if (_isStepOpen)
        {
            throw new InvalidOperationException("The round ended at an earlier step.", Failure);
        }

        _isStepOpen = true;
        return _channel.Step;
    }

    private ReadOnlyMemory<byte>[] Exchange(MessageKind kind, byte[] payload)
    {
        try
        {
            return _channel.Exchange(kind, payload, _cancellationToken);
        }
        catch (RoundException e)
        {
            Failure ??= e;
            throw;
        }
    }
}
