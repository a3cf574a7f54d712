using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Keys;

/// <summary>Keys and repository of a data folder, opened to change keys. A relay may run: each change locks the repository, and the relay
/// uses the new keys from its next signature on.</summary>
internal sealed class RotationSession : IDisposable
{
    private readonly IDisposable? _folder;

    private RotationSession(SigningKeys keys, TufRepository repository, IDisposable? folder) =>
        (Keys, Repository, Service, _folder) = (keys, repository, new(repository), folder);

    public SigningKeys Keys { get; }

    public TufRepository Repository { get; }

    public RotationService Service { get; }

    public KeyRotation Rotation => new(Service, Keys, new DurableFiles());

    public CmsRotation Cms => new(new PolicyPublisher(Repository), Keys.Folder!, TimeProvider.System, new DurableFiles());

    /// <summary>Opens them and enters the command into the audit log.</summary>
    /// <param name="option">The option of the command that names the data folder.</param>
    /// <param name="database">The options that name the database with the audit log.</param>
    public static RotationSession Open(ParseResult parsed, Option<string> option, DatabaseOptions database)
    {
        string data = parsed.GetValue(option)!;
        string repository = RepositoryAccess.FindRepository(data);
        DataFolder folder = database.Open(parsed, data);
        IDisposable? stored = StoredFolders.Join(folder);
        CommandAudit.Enter(parsed, folder);
        SigningKeys keys = KeyStore.OpenForRotation(RepositoryAccess.KeysFolder(data));
        long lowest = RepositoryAccess.LowestVersion(data);
        return new(
            keys, new(repository, keys, TimeProvider.System, new DurableFiles(), lowest) { LockWait = RepositoryAccess.WaitFor(parsed) }, stored);
    }

    public void Dispose()
    {
        Keys.Dispose();
        _folder?.Dispose();
    }

    /// <summary>The value of a change that was made.</summary>
    /// <exception cref="CommandException">The change is refused.</exception>
    public static T Require<T>(Result<T, RotationRefusal> result)
        where T : class =>
        result.IsAccepted ? result.Value : throw new CommandException(result.Refusal.Detail);

    /// <summary>Prints the outcome of a change and what key holders have to do.</summary>
    public static async Task ReportAsync(TextWriter output, Result<RotationOutcome, RotationRefusal> result)
    {
        RotationOutcome outcome = Require(result);
        if (outcome.Published)
        {
            await output.WriteLineAsync(
                outcome.RootVersion is { } current ? $"Root {current} is current. Nodes follow with their next refresh." : "Published.");
            return;
        }

        if (outcome.Pending is { } pending)
        {
            await output.WriteLineAsync(DisplayText.Format($"The change needs signatures of offline keys: relay approve {pending} --key KEY.pem"));
            return;
        }

        await output.WriteLineAsync(DisplayText.Format($"Root {outcome.RootVersion} needs signatures:"));
        foreach (MissingSignatures missing in outcome.Missing)
        {
            await output.WriteLineAsync(
                DisplayText.Format(
                    $"  {missing.File}: {missing.SignedBy.Count} of {missing.Threshold} {missing.By} {missing.Role} keys have signed"));
            foreach (string signer in missing.Signers.Except(missing.SignedBy, StringComparer.Ordinal))
            {
                await output.WriteLineAsync(DisplayText.Format($"    can sign: {signer}"));
            }
        }

        string[] files = [.. outcome.Missing.Select(missing => Path.GetFileName(missing.File)).Distinct(StringComparer.Ordinal)];
        await output.WriteLineAsync("Copy each file to the machine of each key, sign it there and copy it back:");
        foreach (string file in files)
        {
            await output.WriteLineAsync(DisplayText.Format($"  relay sign {file} --key KEY.pem"));
        }

        await output.WriteLineAsync(DisplayText.Format($"  relay keys import-root {string.Join(' ', files)}"));
    }
}
