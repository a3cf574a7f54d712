using System.CommandLine;
using System.Security.Cryptography;
using Relay.Server.Fleet.Identity;
using Relay.Server.History.Verification;
using Relay.Server.Repository.Explaining;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli;

/// <summary><c>relay verify-history</c>: verifies the evidence that <c>relay history --out</c> wrote, without a relay.</summary>
internal static class VerifyHistoryCommand
{
    private const int KeyBytes = 65_536;

    public static Command Create()
    {
        Argument<string> folder = new("folder") { Description = "The folder of 'relay history --at TIME --out FOLDER', or the unpacked archive." };
        Option<string?> root = new("--root")
        {
            Description = "Your own copy of a root of the relay, of the time of the report or before, such as the root.json that nodes pin. "
                + "Default: the first root in the folder.",
            HelpName = "file",
        };
        Option<string?> nodeKey = new("--node-key")
        {
            Description = "Your own copy of the node's public key, in PEM. Default: the key in the folder, which the relay states.",
            HelpName = "file",
        };
        Command command =
            new("verify-history", "Verifies what a node ran at a time and why, without a relay, step by step.") { folder, root, nodeKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            HistoryVerifier verifier = new(
                parsed.GetValue(folder)!,
                parsed.GetValue(root) is { } pinned ? await ReadAsync(pinned, TrustBounds.RootBytes, cancellationToken) : null,
                parsed.GetValue(nodeKey) is { } key ? ReadKey(key, await ReadAsync(key, KeyBytes, cancellationToken)) : null);
            IReadOnlyList<(string Report, ExplanationStep Step)> steps = await verifier.VerifyAsync(cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach ((string report, ExplanationStep step) in steps)
            {
                await output.WriteLineAsync(DisplayText.Format($"{(step.Holds ? "holds " : "FAILS ")} {report}: {step.Subject}: {step.Detail}"));
            }

            bool holds = steps.All(item => item.Step.Holds);
            await output.WriteLineAsync(holds ? "verified" : "NOT verified");
            return holds ? 0 : CommandLine.Failed;
        });
        return command;
    }

    private static NodePublicKey ReadKey(string path, byte[] pem)
    {
        using ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(System.Text.Encoding.UTF8.GetString(pem));
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"'{path}' is not a public key in PEM: {e.Message}");
        }

        return NodePublicKey.Read(key.ExportSubjectPublicKeyInfo(), out string error) ?? throw new CommandException($"'{path}': {error}.");
    }

    private static async Task<byte[]> ReadAsync(string path, long limit, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        return !file.Exists ? throw new CommandException($"There is no file '{path}'.")
            : file.Length > limit ? throw new CommandException($"'{path}' is longer than {limit} bytes.")
            : await File.ReadAllBytesAsync(path, cancellationToken);
    }
}
