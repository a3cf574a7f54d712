using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;
using Sync.Client;

namespace Sync.Node.Doctor;

/// <summary>Looks at the root of trust, the store and its disk, by what the node itself finds when it opens them.</summary>
internal static class StoreCheck
{
    private const long EnoughBytes = 1L << 30;

    public static IEnumerable<Finding> Run(SyncStatus status, RelaySyncOptions options, TimeProvider timeProvider)
    {
        RefusalReport[] faults = [.. status.CurrentRefusals.Where(r => r.Reason != nameof(RefusalReason.TransportUnavailable))];
        yield return CheckRoot(options.TrustedRoot, timeProvider);
        RefusalReport[] others =
            [.. faults.Where(r => r.Reason is not (nameof(RefusalReason.TrustedRootInvalid) or nameof(RefusalReason.StoreInUse)))];
        foreach (RefusalReport fault in others)
        {
            yield return Finding.Failure("store", $"{fault.Reason} of {fault.Subject}: {fault.Detail}");
        }

        if (others.Length == 0)
        {
            yield return Finding.Ok("store", faults.Any(r => r.Reason == nameof(RefusalReason.StoreInUse))
                ? $"{options.StoreFolder} is in use by a process, which keeps it current"
                : $"{options.StoreFolder} can be read and written");
        }

        yield return CheckRelease(status);
        if (status.Quarantine.Count > 0)
        {
            yield return Finding.Warning(
                "quarantine", $"{status.Quarantine.Count} file(s) failed their try-out here: see 'status'; 'quarantine clear' tries them again");
        }

        yield return CheckDisk(options.StoreFolder);
    }

    private static Finding CheckRoot(string path, TimeProvider timeProvider)
    {
        try
        {
            Refusal? refusal = RegularFile.ReadBounded(path, TrustBounds.RootBytes) is { } root
                ? TrustedMetadata.Create(root, timeProvider.GetUtcNow()).Refusal
                : new Refusal(RefusalReason.TrustedRootInvalid, path, "it is too long");
            return refusal is null
                ? Finding.Ok("root", $"{path} verifies")
                : Finding.Failure("root", $"{path} is no root of trust ({refusal.Detail}): ask the relay's operator for root.json");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Failure("root", $"{path} cannot be read ({e.Message}): name the file by --root");
        }
    }

    private static Finding CheckRelease(SyncStatus status) => status switch
    {
        { Release: 0 } => Finding.Failure("release", "the store has none that verifies: run 'refresh', or 'import' a bundle"),
        { Stale: true } => Finding.Failure(
            "release", $"{status.Release} is active, and its metadata have expired: no new release is accepted. Check the clock here, and the relay"),
        _ => Finding.Ok("release", $"{status.Release} of {status.Channel} is active"),
    };

    private static Finding CheckDisk(string folder)
    {
        try
        {
            string existing = Path.GetFullPath(folder);
            while (!Directory.Exists(existing))
            {
                existing = Path.GetDirectoryName(existing)!;
            }

            long free = new DriveInfo(existing).AvailableFreeSpace;
            string left = $"{free >> 20} MiB are free for {folder}";
            return free >= EnoughBytes
                ? Finding.Ok("disk", left)
                : Finding.Failure("disk", $"{left}: a new release needs room for its files beside the active ones. Make at least 1 GiB free");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Failure("disk", $"{folder} cannot be looked at ({e.Message}): check its rights");
        }
    }
}
