using System.Security.Cryptography;

namespace Relay.Training.Federated;

/// <summary>A hash of all messages of the round so far. It stands in every message: owners who received different ones find out at the next
/// step.</summary>
internal sealed class RoundTranscript(byte[] roundDigest)
{
    public byte[] Hash { get; private set; } = SHA256.HashData(roundDigest);

    /// <summary>Adds the messages of a step, in the order of owners.</summary>
    public void Add(IEnumerable<byte[]> messages)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Hash);
        foreach (byte[] message in messages)
        {
            hash.AppendData(SHA256.HashData(message));
        }

        Hash = hash.GetHashAndReset();
    }
}
