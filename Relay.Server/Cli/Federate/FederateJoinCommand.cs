using System.CommandLine;
using Relay.Server.Cli.Keys;

namespace Relay.Server.Cli.Federate;

/// <summary><c>relay federate join</c>: takes part in a round as one of its owners.</summary>
internal static class FederateJoinCommand
{
    public static Command Create()
    {
        RoundFile round = new();
        Option<Uri> coordinator = new("--coordinator")
        {
            Description = "The address of the coordinator.",
            HelpName = "url",
            Required = true,
            CustomParser = RelayConnection.ParseAddress,
        };
        Option<string?> authority = new("--ca")
        {
            Description =
                "The PEM file of the certificate authority to trust: DATA/tls/ca.pem of the coordinator. Default: the system's authorities.",
            HelpName = "file",
        };
        Option<FileInfo> key = new("--key") { Description = "The private key of 'relay federate key'.", HelpName = "file", Required = true };
        Option<FileInfo?> passphrase = KeysEncryptCommands.PassphraseOption();
        Option<string> train = new("--train") { Description = "The owner's training file.", HelpName = "file", Required = true };
        Option<string> test = new("--test") { Description = "The held-out file of the round.", HelpName = "file", Required = true };
        Option<string> output = new("--output")
        {
            Description = "The file that receives the model, and its card beside it.",
            HelpName = "file",
            Required = true,
        };
        Command command = new("join", "Takes part in a round as an owner: trains on its own rows, and shares masked sums with the other owners.")
        {
            round.Argument, coordinator, authority, key, passphrase, train, test, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            OwnerRun run = new(
                round.Read(parsed), parsed.GetValue(coordinator)!, parsed.GetValue(authority),
                parsed.GetValue(key)!.FullName, parsed.GetValue(train)!, parsed.GetValue(test)!, parsed.GetValue(output)!)
            {
                KeyPassphraseFile = parsed.GetValue(passphrase)?.FullName,
            };
            return await run.RunAsync([parsed.GetValue(round.Argument)!], parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }
}
