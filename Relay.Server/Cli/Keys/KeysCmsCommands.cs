using System.CommandLine;
using Relay.Server.Repository.Rotation;
using Relay.Server.Signing;
using Relay.Server.Storage;

namespace Relay.Server.Cli.Keys;

/// <summary>The keys of model signatures: <c>relay keys create-cms</c>, and <c>rotate</c> for cms-signer and cms-root.</summary>
internal static class KeysCmsCommands
{
    private const string Restart = "A relay that runs takes up the new signer when it starts again.";

    public static Option<string?> FromOption() => new("--from")
    {
        Description = "For cms-root: a folder with cms-root.pem, and with cms-signer.pem if the relay holds the signer, made by 'keys create-cms'.",
    };

    public static Option<bool> FinishOption() => new("--finish") { Description = "For cms-root: from now on only the newest root counts." };

    public static Command CreateCms()
    {
        Argument<string> folder = new("FOLDER") { Description = "A new folder, best on a machine without a network." };
        Command command = new("create-cms", "Makes a CMS root and a signer under it, where the root's key will stay.") { folder };
        command.SetAction(async (parsed, _) =>
        {
            string made = Path.GetFullPath(parsed.GetValue(folder)!);
            if (Directory.Exists(made))
            {
                throw new InvalidDataException($"'{made}' exists, and keys are never overwritten.");
            }

            DurableFiles files = new();
            files.DeleteFolder(made + ".new");
            files.CreateFolder(made + ".new", DurableFiles.OwnerFolder);
            CmsKeyFolder.Create(made + ".new", TimeProvider.System.GetUtcNow(), files);
            files.RenameFolder(made + ".new", made);
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"{Path.Combine(made, "cms-root-key.pem")}: stays here, with a copy in a safe.");
            await output.WriteLineAsync($"{made}/cms-root.pem, cms-signer.pem: bring both to the relay, in a folder of their own, then there");
            await output.WriteLineAsync("  relay keys rotate cms-root --from FOLDER");
            return 0;
        });
        return command;
    }

    public static async Task RotateAsync(
        RotationSession session, string role, string? from, bool finish, TextWriter output, CancellationToken cancellationToken)
    {
        if (role == CmsRotation.SignerRole)
        {
            session.Cms.RotateSigner();
            await output.WriteLineAsync($"There is a new signer, and the key of the old one is deleted. {Restart}");
            await output.WriteLineAsync("What the old one signed stays valid. If it was stolen, let 'relay keys rotate cms-root' follow.");
            return;
        }

        string? pending = finish
            ? await session.Cms.FinishRootAsync(cancellationToken)
            : await session.Cms.RotateRootAsync(from, cancellationToken);
        if (pending is not null)
        {
            await output.WriteLineAsync($"Waits for signatures of offline keys: relay approve {pending} --key KEY.pem. Once they are there:");
        }

        await output.WriteLineAsync(
            finish ? "Nodes accept models under the newest CMS root only." : $"Nodes accept models under the old CMS root and the new one. {Restart}");
        if (!finish)
        {
            await output.WriteLineAsync("When each channel's models are signed under the new root: relay keys rotate cms-root --finish");
        }
    }
}
