using System.CommandLine;
using Relay.Training.Federated;
using Shared.Contracts;

namespace Relay.Server.Cli.Federate;

/// <summary>The argument that names a round document.</summary>
internal sealed class RoundFile
{
    private const int MaxBytes = 32 * 1024 * 1024;

    public Argument<string> Argument { get; } = new("round") { Description = "The round document of 'relay federate plan'." };

    /// <exception cref="CommandException">There is no such file.</exception>
    /// <exception cref="RoundException">It breaks a rule.</exception>
    public async Task<RoundDocument> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        FileInfo file = new(parsed.GetValue(Argument)!);
        return file.Exists && file.Length <= MaxBytes
            ? RoundDocument.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken))
            : throw new CommandException(DisplayText.Format($"{file.FullName}: there is no such file, or it has more than {MaxBytes} bytes"));
    }
}
