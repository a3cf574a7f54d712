namespace Relay.Training.Federated;

/// <summary>Exchanges messages with the other owners, and verifies each: signature, round, sender, step, and that all owners received the same so
/// far.</summary>
internal sealed class RoundChannel(RoundDocument round, OwnerKey key, IRoundTransport transport) : IDisposable
{
    private readonly RoundVerifier _verifier = new(round);
    private readonly RoundTranscript _transcript = new(round.Digest);

    public int Rank { get; } = round.FindOwner(key.PublicKey);

    /// <summary>The step of the next message.</summary>
    public long Step { get; private set; }

    /// <summary>The hash of all messages so far.</summary>
    public byte[] Transcript => _transcript.Hash;

    public long BytesSent { get; private set; }

    public long BytesReceived { get; private set; }

    /// <returns>The payload of each owner.</returns>
    /// <exception cref="RoundException">The round ended, or a message is not what it has to be.</exception>
    public ReadOnlyMemory<byte>[] Exchange(MessageKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        byte[] own = new RoundMessage(kind, Rank, Step, round.Digest, Transcript, payload).ToBytes(key);
        byte[][] all = transport.Exchange(own, cancellationToken);
        BytesSent += own.Length;
        BytesReceived += all.Sum(m => (long)m.Length);
        if (all.Length != round.Owners.Count)
        {
            throw new RoundException(RoundFault.MalformedMessage, $"{all.Length} messages of {round.Owners.Count} owners at step {Step}");
        }

        RoundMessage[] messages = [.. all.Select(RoundMessage.Parse)];
        for (int owner = 0; owner < messages.Length; owner++)
        {
            Require(messages[owner], owner, kind);
        }

        if (!all[Rank].AsSpan().SequenceEqual(own))
        {
            throw new RoundException(RoundFault.WrongStep, $"The coordinator returned another message of this owner than it sent at step {Step}");
        }

        _transcript.Add(all);
        Step++;
        return [.. messages.Select(m => m.Payload)];
    }

    public void Dispose() => _verifier.Dispose();

    private void Require(RoundMessage message, int owner, MessageKind kind)
    {
        _verifier.Require(message);
        string name = round.Owners[owner].Name;
        if (message.Sender != owner)
        {
            throw new RoundException(
                RoundFault.WrongSender, $"A message of owner {round.Owners[message.Sender].Name} came in the place of {name}'s at step {Step}");
        }

        if (message.Step != Step || message.Kind != kind)
        {
            throw new RoundException(
                RoundFault.WrongStep, $"Owner {name}: a message {message.Kind} of step {message.Step} came, and this is {kind} of step {Step}");
        }

        if (!message.Transcript.Span.SequenceEqual(Transcript))
        {
            throw new RoundException(
                RoundFault.TranscriptsDiffer,
                $"Owner {name} received other messages than this owner before step {Step}: the coordinator, or an owner with it, "
                + "showed different ones; the sums cannot be trusted");
        }
    }
}
