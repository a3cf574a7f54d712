using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;

namespace Sync.Client.Tests.Transport;

/// <summary>A relay that takes requests of known nodes only, with one release and one token, and a node that has not enrolled.</summary>
internal sealed class EnrollmentScene : IAsyncDisposable
{
    public const string Token = "relay_enroll_0123456789abcdef";

    private EnrollmentScene(NodeFixture fixture) => (Fixture, Nodes) = (fixture, new NodeAccess(fixture.Clock));

    public NodeFixture Fixture { get; }

    public NodeAccess Nodes { get; }

    public TestLogger<SyncClient> Log { get; } = new();

    public static async Task<EnrollmentScene> StartAsync()
    {
        EnrollmentScene scene = new(await NodeFixture.StartAsync());
        await scene.Fixture.PublishAsync(TestModel.Create());
        scene.Nodes.Tokens[Token] = true;
        scene.Fixture.Server.Nodes = scene.Nodes;
        return scene;
    }

    public SyncClient Open() => new(Fixture.Options, Fixture.Clock, Log);

    public void SetToken(string token, bool isFile)
    {
        if (!isFile)
        {
            Fixture.Options.EnrollmentToken = token;
            return;
        }

        Fixture.Options.EnrollmentTokenFile = Fixture.Combine("token");
        File.WriteAllText(Fixture.Options.EnrollmentTokenFile, token);
    }

    public ValueTask DisposeAsync() => Fixture.DisposeAsync();
}
