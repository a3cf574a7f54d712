using System.CommandLine;
using Relay.Training.Federated;
using Shared.Contracts;

namespace Relay.Server.Cli.Federate;

/// <summary>The option <c>--owner NAME=KEY</c>.</summary>
internal sealed class OwnerOption
{
    public Option<string[]> Option { get; } = new("--owner")
    {
        Description = "An owner and the public key that 'relay federate key' printed there; once for each owner, in the order of their rows.",
        HelpName = "name=key",
        DefaultValueFactory = _ => [],
    };

    /// <exception cref="CommandException">An owner has no name or no key.</exception>
    public IReadOnlyList<RoundOwner> Read(ParseResult parsed) => [.. parsed.GetValue(Option)!.Select(Parse)];

    private static RoundOwner Parse(string text)
    {
        int mark = text.IndexOf('=', StringComparison.Ordinal);
        byte[] key = new byte[text.Length];
        return mark > 0 && Convert.TryFromBase64String(text[(mark + 1)..], key, out int length)
            ? new RoundOwner(text[..mark], key[..length])
            : throw new CommandException(DisplayText.Format($"--owner {text}: expected NAME=KEY with the key of 'relay federate key'"));
    }
}
