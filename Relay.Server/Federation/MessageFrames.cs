using System.Buffers.Binary;
using Relay.Training.Federated;

namespace Relay.Server.Federation;

/// <summary>Several messages in one body: each after its length, in 4 bytes.</summary>
internal static class MessageFrames
{
    public static async Task WriteAsync(Stream body, byte[][] messages, CancellationToken cancellationToken)
    {
        byte[] length = new byte[sizeof(int)];
        foreach (byte[] message in messages)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
            await body.WriteAsync(length, cancellationToken);
            await body.WriteAsync(message, cancellationToken);
        }
    }

    /// <exception cref="RoundException">The body does not hold so many messages.</exception>
    public static async Task<byte[][]> ReadAsync(Stream body, int count, CancellationToken cancellationToken)
    {
        byte[] length = new byte[sizeof(int)];
        byte[][] messages = new byte[count][];
        try
        {
            for (int i = 0; i < count; i++)
            {
                await body.ReadExactlyAsync(length, cancellationToken);
                int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
                if (bytes < 0 || bytes > RoundMessage.MaxBytes)
                {
                    throw new RoundException(RoundFault.MalformedMessage, $"The coordinator announced a message of {bytes} bytes");
                }

                messages[i] = new byte[bytes];
                await body.ReadExactlyAsync(messages[i], cancellationToken);
            }
        }
        catch (EndOfStreamException e)
        {
            throw new RoundException(RoundFault.MalformedMessage, $"The coordinator's answer has fewer than {count} messages", e);
        }

        return messages;
    }
}
