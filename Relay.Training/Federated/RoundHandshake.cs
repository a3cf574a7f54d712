using System.Security.Cryptography;
using System.Text;
using Relay.Training.Reproducing;

namespace Relay.Training.Federated;

/// <summary>The first two steps of a round: owners greet each other with keys of this round, which their long-lived keys sign, and agree on the
/// streams that mask sums.</summary>
internal static class RoundHandshake
{
    private const int KeyBytes = 32;
    private const int WrappedKeyBytes = KeyBytes + 16;

    /// <summary>What has to be equal on all owners, beside the round document: other programs and machines round elsewhere.</summary>
    public static string Program { get; } = $"{TrainingRecorder.Producer} on {TrainingRecorder.Platform}";

    /// <exception cref="RoundException">The round ended, or an owner is not who it has to be.</exception>
    public static StepMasks Run(RoundDocument round, RoundChannel channel, CancellationToken cancellationToken)
    {
        using PairKeys keys = new();
        byte[] program = Encoding.UTF8.GetBytes(Program);
        byte[] publicKey = keys.PublicKey;
        byte[] hello = [.. BitConverter.GetBytes(publicKey.Length), .. publicKey, .. program];
        ReadOnlyMemory<byte>[] hellos = channel.Exchange(MessageKind.Hello, hello, cancellationToken);
        byte[][] publicKeys = [.. hellos.Select((h, owner) => ReadHello(h.ToArray(), program, round.Owners[owner].Name))];
        byte[] transcript = channel.Transcript;
        byte[] group = AgreeOnGroupKey(channel, hellos.Length, other => Derive(other, "group key"), cancellationToken);
        MaskStream?[] pairs =
            [.. Enumerable.Range(0, hellos.Length).Select(other => other == channel.Rank ? null : new MaskStream(Derive(other, "mask")))];
        return new StepMasks(channel.Rank, pairs, new MaskStream(group));

        byte[] Derive(int other, string use) => keys.Derive(channel.Rank, other, publicKeys[other], transcript, use);
    }

    private static byte[] ReadHello(byte[] hello, byte[] program, string owner)
    {
        int length = hello.Length < sizeof(int) ? -1 : BitConverter.ToInt32(hello);
        if (length < 0 || length > hello.Length - sizeof(int))
        {
            throw new RoundException(RoundFault.MalformedMessage, $"The greeting of owner {owner} is cut off");
        }

        byte[] theirs = hello[(sizeof(int) + length)..];
        return theirs.AsSpan().SequenceEqual(program) ? hello[sizeof(int)..(sizeof(int) + length)] : throw new RoundException(
            RoundFault.OtherProgram,
            $"Owner {owner} runs relay {Encoding.UTF8.GetString(theirs)}, and this owner {Program}: the models would differ");
    }

    // The first owner chooses the key, and sends it to each other one under the key of their pair.
    private static byte[] AgreeOnGroupKey(RoundChannel channel, int owners, Func<int, byte[]> wrappingKey, CancellationToken cancellationToken)
    {
        byte[] nonce = new byte[AesGcm.NonceByteSizes.MaxSize];
        byte[] payload = [];
        byte[] group = RandomNumberGenerator.GetBytes(KeyBytes);
        if (channel.Rank == 0)
        {
            payload = new byte[owners * WrappedKeyBytes];
            for (int other = 1; other < owners; other++)
            {
                using AesGcm cipher = new(wrappingKey(other), WrappedKeyBytes - KeyBytes);
                Span<byte> place = payload.AsSpan(other * WrappedKeyBytes, WrappedKeyBytes);
                cipher.Encrypt(nonce, group, place[..KeyBytes], place[KeyBytes..]);
            }
        }

        ReadOnlyMemory<byte> first = channel.Exchange(MessageKind.GroupKey, payload, cancellationToken)[0];
        if (channel.Rank == 0)
        {
            return group;
        }

        try
        {
            using AesGcm cipher = new(wrappingKey(0), WrappedKeyBytes - KeyBytes);
            ReadOnlySpan<byte> place = first.Span.Slice(channel.Rank * WrappedKeyBytes, WrappedKeyBytes);
            cipher.Decrypt(nonce, place[..KeyBytes], place[KeyBytes..], group);
            return group;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentOutOfRangeException)
        {
            throw new RoundException(RoundFault.MalformedMessage, "The first owner's key of the round cannot be opened", e);
        }
    }
}
