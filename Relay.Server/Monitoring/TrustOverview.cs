using System.Globalization;
using Relay.Server.Http.Tls;
using Relay.Server.Keys;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Relay.Server.Monitoring;

/// <summary>The roles, keys and certificates of this relay, with their expiries.</summary>
internal sealed class TrustOverview(
    RepositoryCache repository, ReleasedSigners released, ArtifactSigner signer, ServerTls tls, DataFolder folder, TimeProvider timeProvider)
{
    /// <summary>All metadata and certificates that expire.</summary>
    public IReadOnlyList<ExpiringItem> Items() =>
    [
        .. RoleStatus.FromSnapshot(repository.Read()).Select(role => new ExpiringItem(role.Role, role.Expires)),
        new(ExpiryAlerts.CmsSigner, signer.ValidUntil.ToUniversalTime()),
        new(
            ExpiryAlerts.CmsRoot,
            repository.Anchors(TargetPaths.Anchors).Min(root => new DateTimeOffset(root.NotAfter).ToUniversalTime())),
        .. released.EarliestEnd() is { } end ? [new ExpiringItem(ExpiryAlerts.ReleasedSigners, end)] : Array.Empty<ExpiringItem>(),
        new(ExpiryAlerts.Tls, tls.ValidUntil.ToUniversalTime()),
    ];

    /// <summary>One line per item that is due or has expired.</summary>
    public IReadOnlyList<string> Warnings()
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        return
        [
            .. Items().Where(item => ExpiryAlerts.GetState(item, now) != ExpiryState.Fine).Select(item => string.Create(
                CultureInfo.InvariantCulture, $"{item.Subject} {(item.Expires <= now ? "expired" : "expires")} {item.Expires:u}")),
        ];
    }

    public TrustView View()
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        KeyInventory held = KeyInventory.Read(folder.Keys);
        return new(
            [.. RoleStatus.FromSnapshot(repository.Read()).Select(role => new TrustRoleView(
                role.Role, role.Version, role.Expires, role.Keys.Threshold,
                [.. role.Keys.KeyIds.Select(id => new TrustKeyView(id, held.Holds(id)))]))],
            [.. Items().Select(item => new TrustExpiryView(
                item.Subject, item.Expires, Math.Round((item.Expires - now).TotalDays, 2), ToName(ExpiryAlerts.GetState(item, now))))]);
    }

    private static string ToName(ExpiryState state) => state.ToString().ToLowerInvariant();
}
