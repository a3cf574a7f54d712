using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>Who may vouch for which path.</summary>
public sealed class DelegationTests
{
    [Theory]
    [InlineData("channels/*", "channels/stable.json", true)]
    [InlineData("channels/*", "channels/a/b.json", false)]
    [InlineData("*", "a/b", false)]
    [InlineData("*.tgz", "foo.tgz", true)]
    [InlineData("*.tgz", "targets/foo.tgz", false)]
    [InlineData("foo-version-?.tgz", "foo-version-2.tgz", true)]
    [InlineData("foo-version-?.tgz", "foo-version-alpha.tgz", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYbZ", false)]
    [InlineData("foo", "Foo", false)]
    public void Covers_Pattern_MatchesWithinASegment(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new DelegatedRole("role", new([], 1), false, [pattern], null).Covers(path));

    [Fact]
    [Trait("Attack", "unlisted-file")]
    public async Task Find_FileThatOnlyTheOnlineRoleLists_IsUnlisted()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonNode file = scene.Wire.Signed(RoleNames.Targets)["targets"]![TargetPaths.Model("threat", 1)]!;
        scene.Wire.Forge(
            RoleNames.Channels,
            signed => (signed["version"], signed["targets"]![TargetPaths.Model("threat", 9)]) = (99, file.DeepClone()),
            RoleNames.Channels);
        Assert.Equal(RefusalReason.UnlistedTarget, scene.Fetch(TargetPaths.Model("threat", 9))?.Reason);
    }

    [Theory]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [Trait("Attack", "path-traversal")]
    public async Task Fetch_RoleThatListsAPathOutsideItsFolder_IsRefusedAsAWhole(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonNode file = scene.Wire.Signed(RoleNames.Targets)["targets"]![TargetPaths.Model("threat", 1)]!;
        scene.Wire.Forge(role, signed => (signed["version"], signed["targets"]!["../../../x"]) = (99, file.DeepClone()), role);
        scene.AssertForgeryRefused(RefusalReason.MetadataMalformed, TargetPaths.Channel("stable"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("timestamp")]
    [InlineData("Timestamp")]
    [InlineData("ROOT")]
    [InlineData("a\u001b[2Jb")]
    [InlineData("a\nb")]
    [InlineData("a\u202eb")]
    [Trait("Attack", "role-name")]
    public async Task Refresh_DelegationToANameThatNoRoleMayHave_IsRefused(string name)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Delegate(scene, roles => roles.Add(Delegation(scene, name, "deep/*")));
        scene.AssertForgeryRefused(RefusalReason.MetadataMalformed);
    }

    [Theory]
    [InlineData("a", 300)]
    [InlineData("a", 176)]
    [InlineData("/", 59)]
    [InlineData("\u00e4", 40)]
    [Trait("Attack", "role-name")]
    public async Task Refresh_DelegationToANameTooLongForAFile_IsRefused(string letter, int count)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Delegate(scene, roles => roles.Add(Delegation(scene, string.Concat(Enumerable.Repeat(letter, count)), "deep/*")));
        scene.AssertForgeryRefused(RefusalReason.MetadataMalformed);
    }

    [Theory]
    [InlineData("a", 175)]
    [InlineData("/", 58)]
    public async Task Refresh_DelegationToTheLongestName_IsTaken(string letter, int count)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Delegate(scene, roles => roles.Add(Delegation(scene, string.Concat(Enumerable.Repeat(letter, count)), "deep/*")));
        Assert.Null(scene.Refresh());
    }

    [Fact]
    public async Task Find_TerminatingDelegationCovers_AsksNobodyAfterIt()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.ForgeFile("later", 1, Role(scene, TargetPaths.Channel("beta")));
        Delegate(scene, roles => roles.Add(Delegation(scene, "later", "channels/*")));
        Assert.Equal(RefusalReason.UnlistedTarget, scene.Fetch(TargetPaths.Channel("beta"))?.Reason);
    }

    [Fact]
    public async Task Find_NestedTerminatingDelegationCovers_EndsTheWholeSearch()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonObject outer = JsonNode.Parse(Role(scene, "deep/other"))!["signed"]!.DeepClone().AsObject();
        JsonObject terminating = Delegation(scene, "inner", "deep/*");
        terminating["terminating"] = true;
        outer["delegations"] = new JsonObject
        {
            ["keys"] = new JsonObject { [scene.Wire.Keys.Id("helper")] = scene.Wire.Keys.Public("helper") },
            ["roles"] = new JsonArray(terminating),
        };
        scene.Wire.ForgeFile("outer", 1, scene.Wire.Keys.Sign(outer, "helper"));
        scene.Wire.ForgeFile("inner", 1, Role(scene, "deep/elsewhere"));
        scene.Wire.ForgeFile("sibling", 1, Role(scene, "deep/wanted"));
        Delegate(scene, roles =>
        {
            roles.Add(Delegation(scene, "outer", "deep/*"));
            roles.Add(Delegation(scene, "sibling", "deep/*"));
        });
        Assert.Equal(RefusalReason.UnlistedTarget, scene.Fetch("deep/wanted")?.Reason);
    }

    [Fact]
    public async Task Find_DelegationsWithoutEnd_StopsAtTheBound()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Delegate(scene, roles =>
        {
            for (int i = 0; i <= TrustBounds.Delegations; i++)
            {
                roles.Add(Delegation(scene, $"role-{i}", "deep/*"));
            }
        });
        scene.Wire.Forge(
            RoleNames.Snapshot,
            signed =>
            {
                signed["version"] = 200;
                for (int i = 0; i <= TrustBounds.Delegations; i++)
                {
                    signed["meta"]![$"role-{i}.json"] = new JsonObject { ["version"] = 1 };
                }
            },
            RoleNames.Snapshot);
        for (int i = 0; i <= TrustBounds.Delegations; i++)
        {
            string path = i == TrustBounds.Delegations ? "deep/past-the-bound" : "deep/within";
            scene.Wire.Replace($"metadata/1.role-{i}.json", Role(scene, path));
        }

        Assert.Equal(RefusalReason.UnlistedTarget, scene.Fetch("deep/past-the-bound")?.Reason);
    }

    private static JsonObject Delegation(TrustScene scene, string role, string pattern) => new()
    {
        ["name"] = role,
        ["terminating"] = false,
        ["threshold"] = 1,
        ["paths"] = new JsonArray(pattern),
        ["keyids"] = new JsonArray(scene.Wire.Keys.Id("helper")),
    };

    private static void Delegate(TrustScene scene, Action<JsonArray> change) => scene.Wire.Forge(
        RoleNames.Targets,
        signed =>
        {
            signed["version"] = 99;
            signed["delegations"]!["keys"]![scene.Wire.Keys.Id("helper")] = scene.Wire.Keys.Public("helper");
            change(signed["delegations"]!["roles"]!.AsArray());
        },
        RoleNames.Targets);

    private static byte[] Role(TrustScene scene, string path)
    {
        JsonObject signed = scene.Wire.Signed(RoleNames.Channels);
        signed["version"] = 1;
        signed["targets"] = new JsonObject
        {
            [path] = new JsonObject
            {
                ["length"] = 1,
                ["hashes"] = JsonSerializer.SerializeToNode(
                new { sha256 = FileHashes.Compute("x"u8).Sha256 })
            },
        };
        return scene.Wire.Keys.Sign(signed, "helper");
    }
}
