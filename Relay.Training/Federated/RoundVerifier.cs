using System.Security.Cryptography;

namespace Relay.Training.Federated;

/// <summary>Checks who signed a message, and for which round: for owners and for the coordinator.</summary>
public sealed class RoundVerifier(RoundDocument round) : IDisposable
{
    private readonly ECDsa[] _keys = [.. round.Owners.Select(owner =>
    {
        ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(owner.PublicKey, out _);
        return key;
    })];

    /// <exception cref="RoundException">An owner of this round did not sign it, or it is of another round.</exception>
    public void Require(RoundMessage message)
    {
        bool isSigned = false;
        if (message.Sender < _keys.Length)
        {
            // The coordinator verifies on many threads, and a key is for one at a time.
            lock (_keys[message.Sender])
            {
                isSigned = _keys[message.Sender].VerifyData(
                    message.Signed.Span, message.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
        }

        if (!isSigned)
        {
            throw new RoundException(RoundFault.BadSignature, $"A message that names owner {NameOf(message.Sender)} is not signed by its key");
        }

        if (!message.RoundDigest.Span.SequenceEqual(round.Digest))
        {
            throw new RoundException(
                RoundFault.OtherRound,
                $"Owner {NameOf(message.Sender)} has the round document {Convert.ToHexStringLower(message.RoundDigest.Span)}, and here it is "
                + $"{round.DigestText}: all need the same file");
        }
    }

    public void Dispose() => Array.ForEach(_keys, key => key.Dispose());

    private string NameOf(int sender) => sender < round.Owners.Count ? round.Owners[sender].Name : $"{sender}, which the round does not have";
}
