using System.CommandLine;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;

namespace Relay.Server.Cli.Keys;

/// <summary>Keys and repository of a data folder, opened to change keys. A relay may run on it: each change is made alone with the
/// repository, and the relay takes up other keys with its next signature.</summary>
internal sealed class RotationSession : IDisposable
{
    private RotationSession(SigningKeys keys, RepositoryPublisher publisher) => (Keys, Publisher) = (keys, publisher);

    public SigningKeys Keys { get; }

    public RepositoryPublisher Publisher { get; }

    public KeyRotation Rotation => new(Publisher, Keys, new DurableFiles());

    public CmsRotation Cms => new(Publisher, Keys.Folder!, TimeProvider.System, new DurableFiles());

    public static RotationSession Open(string data)
    {
        string repository = RepositoryCommands.FolderOf(data);
        SigningKeys keys = KeyStore.OpenForRotation(RepositoryCommands.KeysOf(data));
        return new(keys, new(repository, keys, TimeProvider.System));
    }

    public void Dispose() => Keys.Dispose();

    /// <summary>What has become of the change, and what people have to do.</summary>
    public static async Task ReportAsync(TextWriter output, RotationOutcome outcome)
    {
        if (outcome.Published)
        {
            await output.WriteLineAsync(outcome.RootVersion is { } current ? $"Root {current} is current. Nodes follow by themselves." : "Published.");
            return;
        }

        if (outcome.Pending is { } pending)
        {
            await output.WriteLineAsync($"Waits for signatures of offline keys: relay approve {pending} --key KEY.pem");
            return;
        }

        await output.WriteLineAsync($"Root {outcome.RootVersion} waits for signatures:");
        foreach (MissingSignatures missing in outcome.Missing)
        {
            await output.WriteLineAsync(
                $"  {missing.File}: {missing.SignedBy.Count} of {missing.Threshold} {missing.By} {missing.Role} keys have signed");
            foreach (string signer in missing.Signers.Except(missing.SignedBy, StringComparer.Ordinal))
            {
                await output.WriteLineAsync($"    can sign: {signer}");
            }
        }

        string[] files = [.. outcome.Missing.Select(missing => Path.GetFileName(missing.File)).Distinct(StringComparer.Ordinal)];
        await output.WriteLineAsync("Copy each file to where a key is, sign it there, bring it back:");
        foreach (string file in files)
        {
            await output.WriteLineAsync($"  relay sign {file} --key KEY.pem");
        }

        await output.WriteLineAsync($"  relay keys import-root {string.Join(' ', files)}");
    }
}
