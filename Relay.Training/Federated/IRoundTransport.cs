namespace Relay.Training.Federated;

/// <summary>Carries messages between the owners of a round. It is not trusted: what it brings is verified.</summary>
public interface IRoundTransport
{
    /// <summary>Sends this owner's message of a step, and waits for those of all owners.</summary>
    /// <returns>One message per owner, in the order of the round document, this owner's own among them.</returns>
    /// <exception cref="RoundException">The round ended.</exception>
    byte[][] Exchange(byte[] message, CancellationToken cancellationToken);
}
