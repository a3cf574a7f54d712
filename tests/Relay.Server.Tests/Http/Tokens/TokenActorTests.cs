using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;

namespace Relay.Server.Tests.Http.Tokens;

public sealed class TokenActorTests
{
    private static readonly string[] Parts = ["a", "a#", "#a", "a#b", "%", "%23", "%25", "a%23b", "%2523", "key:1", " ", "oidc:x", "https://i#s"];

    [Fact]
    [Trait("Attack", "token-actor")]
    public void Text_OfDifferentActors_Differs()
    {
        TokenActor[] actors =
        [
            .. from issuer in (string[])["https://i", "https://i/s"]
               from subject in Parts
               from owner in (string?[])[null, .. Parts]
               select new TokenActor(issuer, subject, owner),
        ];

        Assert.Equal(actors.Length, actors.Select(actor => actor.ToString()).Distinct().Count());
        Assert.All(actors, actor => Assert.Equal(actor, TokenActor.TryParse(actor.ToString())));
    }

    [Fact]
    [Trait("Attack", "token-actor")]
    public void Text_OfAKey_IsNoToken()
    {
        Assert.Null(TokenActor.TryParse(ApiKeyText.IdOf(ApiKeyText.Create().Key)));
        Assert.Null(TokenActor.TryParse("oidc:https://i"));
        Assert.Null(TokenActor.TryParse("oidc:https://i#a#b#c"));
    }

    [Fact]
    public void Text_IsReadable() => Assert.Equal(
        "oidc:https://gitlab.com#project_path:octo/models:ref_type:branch:ref:main",
        new TokenActor("https://gitlab.com", "project_path:octo/models:ref_type:branch:ref:main", null).ToString());
}
