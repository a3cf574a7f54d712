using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Cli.Configuration;
using Relay.Server.Http.Access.Tokens;

namespace Relay.Server.Cli.Identity;

/// <summary><c>relay identity check</c>: says what a relay would let a token do, and why. It needs no relay, and asks the token's issuer for its
/// keys.</summary>
internal static class IdentityCommand
{
    private const string StandardInput = "-";

    public static Command Create() => new("identity", "Looks at the tokens of OpenID Connect issuers as a relay does.") { CreateCheck() };

    private static Command CreateCheck()
    {
        Argument<string> token = new("token-file") { Description = "The file with the token, or - for the standard input." };
        SharedSetting<string?> identity = new("--identity")
        {
            Description = "The identity file, as for 'relay serve'. Default: that of the settings.",
            HelpName = "file",
        };
        Command command = new("check", "Verifies a token, and shows which grants of the identity file apply to it, and which do not and why.")
        {
            token, identity,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(identity)
                ?? throw new CommandException("Name the identity file by --identity: without one a relay accepts no tokens.");
            IdentitySettings settings = IdentitySettings.Read(file);
            string path = parsed.GetValue(token)!;
            string text = path == StandardInput
                ? await TokenFile.ReadAsync(Console.OpenStandardInput(), cancellationToken)
                : TokenFile.Read(path);
            TokenAuthenticator authenticator = new(
                new IssuerList(settings, TimeProvider.System, NullLogger<IssuerList>.Instance), TimeProvider.System);
            TokenExamination examined = await authenticator.ExamineAsync(text, cancellationToken);
            foreach (string line in IdentityText.Describe(examined, settings.Issuers))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return examined.Result.Refusal is null ? 0 : CommandLine.Failed;
        });
        return command;
    }
}
