using System.Globalization;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Webhooks;

/// <summary>Events without a relay, which adds its own: after a month its metadata has expired.</summary>
public sealed class WebhookEventStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly TestClock _clock = new();
    private readonly WebhookEventStore _events;

    public WebhookEventStoreTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _events = new(_database, _clock);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void DeleteOld_EventOfBeforeTheRetention_IsDeleted()
    {
        Add("old");
        _clock.Advance(WebhookEventTable.Retention + TimeSpan.FromMinutes(1));
        Add("new");

        _events.DeleteOld();

        Assert.Equal(["new"], Kept().Select(kept => kept.Data.Node));
    }

    [Fact]
    public void Append_MoreThanTheMaximum_DeletesTheOldest()
    {
        Add("first");
        Add("second");
        using (var connection = _database.Open())
        {
            connection.SetLastNumber("webhook_events", "sequence", WebhookEventTable.Maximum);
        }

        Add("third");

        Assert.Equal(
            [("second", 2), ("third", WebhookEventTable.Maximum + 1)],
            Kept().Select(kept => (kept.Data.Node, long.Parse(kept.Sequence, CultureInfo.InvariantCulture))));
    }

    private void Add(string node) => _database.Write((connection, transaction) =>
    {
        WebhookEventTable.Append(
            connection, transaction, WebhookEvents.NodeBanned, $"nodes/{node}", new() { Node = node }, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        return true;
    });

    private IReadOnlyList<WebhookEvent> Kept() => _events.List(type: null, since: null, after: 0, limit: 10);
}
