using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Http.Access;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

// A key that takes the place of another.
public sealed partial class ApiKeyStoreTests
{
    [Fact]
    public void Rotate_KeyWithAnEnd_NewOneLastsAsLongAndTheOldOneForTheOverlap()
    {
        ApiKeyIssued old = Create(ApiKeyRole.Trainer, days: 90);
        _clock.Advance(TimeSpan.FromDays(80));

        ApiKeyIssued next = _keys.Rotate(old.Key.Id, TimeSpan.FromHours(2)).Value!;

        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromDays(90), next.Key.ExpiresAt);
        _clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.True(_keys.Authenticate(old.Text).IsAccepted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ApiKeyRefusalReason.Expired, _keys.Authenticate(old.Text).Refusal?.Reason);
        Assert.True(_keys.Authenticate(next.Text).IsAccepted);
    }

    [Fact]
    public void Rotate_OverlapBeyondTheEnd_OldKeyEndsNoLaterThanBefore()
    {
        ApiKeyIssued old = Create(ApiKeyRole.Trainer, days: 1);

        _keys.Rotate(old.Key.Id, TimeSpan.FromDays(7));

        Assert.Equal(old.Key.ExpiresAt, Find(old.Key.Id).ExpiresAt);
    }

    [Fact]
    public void Rotate_KeyThatHasEnded_IsRefused()
    {
        ApiKeyIssued expired = Create(ApiKeyRole.Node, days: 1);
        ApiKeyIssued revoked = Create(ApiKeyRole.Node);
        _keys.Revoke(revoked.Key.Id);
        _clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(ApiKeyRefusalReason.Expired, _keys.Rotate(expired.Key.Id, TimeSpan.Zero).Refusal?.Reason);
        Assert.Equal(ApiKeyRefusalReason.Revoked, _keys.Rotate(revoked.Key.Id, TimeSpan.Zero).Refusal?.Reason);
    }
}
