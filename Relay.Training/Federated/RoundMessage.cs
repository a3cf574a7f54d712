using System.Buffers.Binary;

namespace Relay.Training.Federated;

/// <summary>One signed message of an owner. In bytes: a mark, kind, sender, step, digest of the round document, hash of all messages before,
/// length, payload, and the owner's ECDSA signature over all of that.</summary>
/// <param name="Sender">The place of the owner in the round document.</param>
/// <param name="Step">From 0.</param>
/// <param name="RoundDigest">SHA-256 of the sender's copy of the round document.</param>
/// <param name="Transcript">What the sender received so far, see <see cref="RoundTranscript"/>.</param>
public sealed record RoundMessage(
    MessageKind Kind, int Sender, long Step, ReadOnlyMemory<byte> RoundDigest, ReadOnlyMemory<byte> Transcript, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The largest payload: sums are cut into messages of at most this.</summary>
    public const int MaxPayload = 8 * 1024 * 1024;

    /// <summary>The largest message.</summary>
    public const int MaxBytes = HeaderBytes + MaxPayload + SignatureBytes;

    private const int DigestBytes = 32;
    private const int HeaderBytes = 8 + 1 + 1 + 8 + (2 * DigestBytes) + 4;
    private const int SignatureBytes = 64;

    private static ReadOnlySpan<byte> Mark => "relayfd1"u8;

    /// <summary>All but the signature.</summary>
    public ReadOnlyMemory<byte> Signed { get; private init; }

    public ReadOnlyMemory<byte> Signature { get; private init; }

    public byte[] ToBytes(OwnerKey key)
    {
        byte[] bytes = new byte[HeaderBytes + Payload.Length + SignatureBytes];
        Mark.CopyTo(bytes);
        bytes[8] = (byte)Kind;
        bytes[9] = (byte)Sender;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(10), Step);
        RoundDigest.Span.CopyTo(bytes.AsSpan(18, DigestBytes));
        Transcript.Span.CopyTo(bytes.AsSpan(18 + DigestBytes, DigestBytes));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes - 4), Payload.Length);
        Payload.CopyTo(bytes.AsMemory(HeaderBytes));
        key.Sign(bytes.AsSpan(..^SignatureBytes)).CopyTo(bytes.AsSpan(^SignatureBytes..));
        return bytes;
    }

    /// <summary>Reads the form alone; who signed it is another question.</summary>
    /// <exception cref="RoundException">The bytes are no message.</exception>
    public static RoundMessage Parse(byte[] bytes)
    {
        if (bytes.Length is < HeaderBytes + SignatureBytes or > MaxBytes || !bytes.AsSpan().StartsWith(Mark)
            || !Enum.IsDefined((MessageKind)bytes[8])
            || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(HeaderBytes - 4)) != bytes.Length - HeaderBytes - SignatureBytes)
        {
            throw new RoundException(RoundFault.MalformedMessage, $"{bytes.Length} bytes that are no message of a round");
        }

        return new RoundMessage(
            (MessageKind)bytes[8], bytes[9], BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(10)), bytes.AsMemory(18, DigestBytes),
            bytes.AsMemory(18 + DigestBytes, DigestBytes), bytes.AsMemory()[HeaderBytes..^SignatureBytes])
        {
            Signed = bytes.AsMemory()[..^SignatureBytes],
            Signature = bytes.AsMemory()[^SignatureBytes..],
        };
    }
}

/// <summary>What a message is for.</summary>
public enum MessageKind : byte
{
    /// <summary>The key agreement of the round, and the program.</summary>
    Hello = 1,

    /// <summary>The key of all owners, of the first one.</summary>
    GroupKey = 2,

    /// <summary>Masked numbers.</summary>
    Sum = 3,

    /// <summary>An HMAC of the model's SHA-256, by a key that the coordinator does not have.</summary>
    Done = 4,

    /// <summary>To the coordinator: the owner is there, until the connection ends.</summary>
    Presence = 5,

    /// <summary>To the coordinator: the owner ends the round.</summary>
    Leave = 6,
}
