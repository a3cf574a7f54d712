using System.Security.Cryptography.X509Certificates;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Http.Tls;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Hosting.Doctor;

/// <summary>Finds what a wrong clock made in the folder of a stopped relay, and makes it again with the present time: metadata that are valid
/// for years, and certificates that have ended or have not begun.</summary>
internal sealed class ClockDoctor(DataFolder folder, TimeProvider timeProvider, LockWait wait)
{
    /// <summary>The subject of findings in the relay's own authority for TLS.</summary>
    public const string Authority = "tls";

    /// <exception cref="InvalidDataException">Keys or repository are damaged.</exception>
    public IReadOnlyList<ClockFinding> Find()
    {
        using SigningKeys keys = KeyStore.OpenForRotation(folder.Keys);
        return [.. FindInMetadata(keys), .. FindInCms(), .. FindInTls()];
    }

    /// <summary>Mends what has no <see cref="ClockFinding.Advice"/>. Nodes take the new metadata, whose versions are higher.</summary>
    /// <exception cref="InvalidDataException">Keys or repository are damaged.</exception>
    public async Task MendAsync(IReadOnlyList<ClockFinding> findings, CancellationToken cancellationToken)
    {
        HashSet<string> subjects = [.. findings.Where(finding => finding.Advice is null).Select(finding => finding.Subject)];
        DateTimeOffset now = timeProvider.GetUtcNow();
        DurableFiles files = new();
        if (subjects.Contains(CmsRotation.RootRole))
        {
            CmsKeyFolder.RotateRoot(folder.Keys, now, files);
        }
        else if (subjects.Contains(CmsRotation.SignerRole))
        {
            CmsKeyFolder.IssueSigner(folder.Keys, now, files);
        }

        using SigningKeys keys = KeyStore.OpenForRotation(folder.Keys);
        long lowest = NewBeginning.LowestVersion(new ManifestStore(folder).Read(), [], now);
        TufRepository repository = new(folder.Repository, keys, timeProvider, files, lowest) { IsMended = true, LockWait = wait };
        if (subjects.Overlaps(RoleAssignments.RoleOrder))
        {
            await SignAgainAsync(repository, subjects, cancellationToken);
        }

        if (subjects.Contains(CmsRotation.RootRole))
        {
            await new PolicyPublisher(repository).PinAnchorsAsync(cancellationToken);
        }

        if (subjects.Contains(Authority))
        {
            ReplaceAuthority(now, files);
        }
    }

    private static async Task SignAgainAsync(TufRepository repository, HashSet<string> roles, CancellationToken cancellationToken)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(cancellationToken);
        RepositoryChange change = transaction.StartChange();
        change.RootChanged = roles.Contains(RoleNames.Root);
        change.TargetsChanged = roles.Contains(RoleNames.Targets);
        change.ChannelsChanged = roles.Contains(RoleNames.Channels);
        change.SnapshotChanged = roles.Contains(RoleNames.Snapshot);
        change.TimestampChanged = true;
        transaction.Complete(change);
    }

    private IEnumerable<ClockFinding> FindInMetadata(SigningKeys keys)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        RepositorySnapshot? snapshot = RepositorySnapshot.Read(new RepositoryFiles(folder.Repository, new DurableFiles()), now);
        foreach (RoleStatus role in snapshot is null ? [] : RoleStatus.FromSnapshot(snapshot))
        {
            DateTimeOffset signed = ExpirySchedule.SignedAt(role.Role, role.Expires);
            if (SigningClock.IsAhead(signed, now) || signed < SigningClock.FirstRelease)
            {
                yield return new(
                    role.Role, $"version {role.Version} was signed when the clock showed {signed:u}, and is valid until {role.Expires:u}",
                    keys.CanSign(snapshot!.Assignments[role.Role])
                        ? null
                        : $"its keys are offline: renew it by 'relay keys rotate {role.Role}' and sign that");
            }
        }
    }

    private IEnumerable<ClockFinding> FindInCms()
    {
        string? advice = CmsKeyFolder.HoldsRootKey(folder.Keys)
            ? null
            : "the key of the CMS root is offline: make a new one there by 'relay keys create-cms', and run 'relay keys " +
                "rotate cms-root --from FOLDER'";
        using X509Certificate2 root = CmsKeyFolder.ReadRoot(folder.Keys);
        if (DescribeDates(root) is { } rootDates)
        {
            yield return new(CmsRotation.RootRole, rootDates, advice);
        }

        using X509Certificate2? signer = CmsKeyFolder.ReadSigner(folder.Keys);
        if (signer is not null && DescribeDates(signer) is { } signerDates)
        {
            yield return new(CmsRotation.SignerRole, signerDates, advice);
        }
    }

    private IEnumerable<ClockFinding> FindInTls()
    {
        if (!File.Exists(folder.AuthorityKey))
        {
            yield break;
        }

        using X509Certificate2 authority = X509Certificate2.CreateFromPemFile(folder.AuthorityKey);
        if (DescribeDates(authority) is { } dates)
        {
            yield return new(Authority, dates, null);
        }
    }

    private string? DescribeDates(X509Certificate2 certificate)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        DateTimeOffset from = certificate.NotBefore.ToUniversalTime();
        DateTimeOffset to = certificate.NotAfter.ToUniversalTime();
        return SigningClock.IsAhead(from, now) ? $"the certificate is not valid before {from:u}"
            : to <= now ? $"the certificate ended at {to:u}"
            : null;
    }

    // The old one is kept: clients that pinned it have to be told, and nothing is lost that someone may look for.
    private void ReplaceAuthority(DateTimeOffset now, DurableFiles files)
    {
        new SetAsideFolder(folder, files, now).MoveFiles(folder.Tls, Path.GetFileName(folder.ServerKey), Path.GetFileName(folder.AuthorityKey));
        new DevelopmentCa(folder, timeProvider).ServerCertificate(["localhost"]).Dispose();
    }
}
