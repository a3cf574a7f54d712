using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Http.Access.Tokens;
using Relay.TestKit;
using Relay.TestKit.Identity;

namespace Relay.Server.Tests.Http.Tokens;

public sealed class IssuerKeysTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestIssuer _issuer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    [Fact]
    public async Task Find_RsaAndEcKeys_AreReadOnce()
    {
        _issuer.Keys.Add(IssuerKey.CreateEc("second"));
        IssuerKeys keys = Create();

        Assert.Equal(["first", "second"], await FindAsync(keys, "first"));
        Assert.Equal(["first", "second"], await FindAsync(keys, "second"));
        Assert.Equal(["first", "second"], await FindAsync(keys, null));

        Assert.Equal(2, _issuer.Requests);
    }

    [Fact]
    public async Task Find_RotatedKey_IsThereWithTheFirstTokenThatNamesIt()
    {
        IssuerKeys keys = Create();
        await FindAsync(keys, "first");
        _issuer.Keys.Add(IssuerKey.CreateEc("second"));
        _time.Advance(IssuerKeys.Pause);

        Assert.Equal(["first", "second"], await FindAsync(keys, "second"));
    }

    [Fact]
    [Trait("Attack", "token-made-up-keys")]
    public async Task Find_MadeUpKey_AsksAtMostOnceInThePause()
    {
        IssuerKeys keys = Create();
        await FindAsync(keys, "first");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(["first"], await FindAsync(keys, $"made-up-{i}"));
        }

        Assert.Equal(2, _issuer.Requests);
        _time.Advance(IssuerKeys.Pause);
        await FindAsync(keys, "made-up");
        Assert.Equal(4, _issuer.Requests);
    }

    [Fact]
    [Trait("Attack", "token-withdrawn-key")]
    public async Task Find_WithdrawnKey_IsGoneAfterTheFreshTime()
    {
        IssuerKeys keys = Create();
        _issuer.Keys.Add(IssuerKey.CreateEc("second"));
        Assert.Equal(["first", "second"], await FindAsync(keys, "first"));
        _issuer.Keys.RemoveAt(0);

        _time.Advance(IssuerKeys.FreshTime);

        Assert.Equal(["second"], await FindAsync(keys, "first"));
    }

    [Fact]
    [Trait("Attack", "token-issuer-unreachable")]
    public async Task Find_IssuerUnreachable_LastGoodKeysGoOnForABoundedTime()
    {
        IssuerKeys keys = Create();
        await FindAsync(keys, "first");
        _issuer.IsDown = true;

        _time.Advance(IssuerKeys.MaximumAge - TimeSpan.FromSeconds(1));
        Assert.Equal(["first"], await FindAsync(keys, "first"));
        int before = _issuer.Requests;
        Assert.Equal(["first"], await FindAsync(keys, "first"));        // no further request within the pause
        Assert.Equal(before, _issuer.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FindAsync(keys, "first"));

        _issuer.IsDown = false;
        _time.Advance(IssuerKeys.Pause);
        Assert.Equal(["first"], await FindAsync(keys, "first"));
    }

    [Fact]
    [Trait("Attack", "token-issuer-unreachable")]
    public async Task Find_DocumentOfAnotherIssuer_HasNoKeys()
    {
        _issuer.Discovery["issuer"] = "https://other.example.com";

        Assert.Null(await FindAsync(Create(), "first"));
    }

    [Fact]
    [Trait("Attack", "token-issuer-unreachable")]
    public async Task Find_KeysOverHttp_AreNotRead()
    {
        _issuer.Discovery["jwks_uri"] = _issuer.Address.Replace("https", "http", StringComparison.Ordinal) + "/keys";

        Assert.Null(await FindAsync(Create(), "first"));
    }

    [Fact]
    [Trait("Attack", "token-issuer-unreachable")]
    public async Task Find_HugeDocument_IsNotRead()
    {
        _issuer.Discovery["padding"] = new string('p', 1 << 20);

        Assert.Null(await FindAsync(Create(), "first"));
    }

    [Fact]
    [Trait("Attack", "token-issuer-unreachable")]
    public async Task Find_CertificateOfNoTrustedAuthority_HasNoKeys()
    {
        await using TestIssuer other = await TestIssuer.StartAsync();

        Assert.Null(await FindAsync(Create(other.AuthorityPem), "first"));
        Assert.Equal(0, _issuer.Requests);
    }

    private static async Task<IEnumerable<string>?> FindAsync(IssuerKeys keys, string? id) =>
        (await keys.FindAsync(id, Cancel))?.Select(key => key.KeyId).Distinct();

    private IssuerKeys Create(string? authority = null)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPem(authority ?? _issuer.AuthorityPem);
        TrustedIssuer trust = new()
        {
            Address = _issuer.Address,
            Audience = TestIssuer.Audience,
            Grants = [],
            MaximumLifetime = TimeSpan.FromHours(1),
            Authorities = authorities,
        };
        return new(trust, _time, NullLogger.Instance);
    }
}
