using System.CommandLine;
using Relay.Training.Federated;

namespace Relay.Server.Cli.Federate;

/// <summary>The argument that names a round document.</summary>
internal sealed class RoundFile
{
    public Argument<string> Argument { get; } = new("round") { Description = "The round document of 'relay federate plan'." };

    /// <exception cref="CommandException">There is no such file, or it is too large.</exception>
    /// <exception cref="RoundException">It breaks a rule.</exception>
    public RoundDocument Read(ParseResult parsed) => RoundDocument.Parse(BoundedFile.Read(
        Path.GetFullPath(parsed.GetValue(Argument)!), RoundDocument.MaxBytes, "a round document of 'relay federate plan'"));
}
