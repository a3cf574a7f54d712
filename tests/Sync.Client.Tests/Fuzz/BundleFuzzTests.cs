using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Fuzz;
using Relay.TestKit.Models;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Fuzz;

/// <summary>Altered bundles, brought to a node that runs the release before.</summary>
[Collection(FuzzTests.Name)]
public sealed class BundleFuzzTests : IAsyncLifetime
{
    private readonly TestModel _first = TestModel.Create(version: 1, trees: 1);
    private readonly TestModel _second = TestModel.Create(version: 2, trees: 1);
    private NodeFixture _fixture = null!;
    private SyncClient? _node;
    private bool _storeTouched = true;

    private string Template => _fixture.Combine("template");

    private string Bundle => _fixture.Combine("altered.bundle");

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _fixture.Options.AirGapped = true;
        _fixture.Options.Relay = null;
        await _fixture.PublishAsync(_first);
        await _fixture.Honest.ExportBundleAsync(Bundle);
        using (SyncClient node = _fixture.OpenNode())
        {
            Assert.True((await node.ImportAsync(Bundle)).Activated);
        }

        TemporaryFolder.Mirror(_fixture.Options.StoreFolder, Template);
        await _fixture.PublishAsync(_second);
        await _fixture.Honest.ExportBundleAsync(Bundle);
    }

    public ValueTask DisposeAsync()
    {
        _node?.Dispose();
        return _fixture.DisposeAsync();
    }

    [Fact]
    [Trait("Attack", "malformed-json")]
    [Trait("Attack", "flipped-byte")]
    public void Import_AlteredBundle_IsRefusedByTypeAndTheOldReleaseServes()
    {
        byte[] honest = File.ReadAllBytes(Bundle);
        int refused = 0;

        FuzzRun.ForAll(400, BundleMutator.Apply, [honest], (_, altered) =>
        {
            File.WriteAllBytes(Bundle, altered);
            SyncClient node = ResetNode();
            RefreshResult result = Run(node.ImportAsync(Bundle));

            Assert.Empty(node.Status.Quarantine);
            Assert.Equal(result.Activated ? _second.Sha256 : _first.Sha256, node.Models.Single().Active.Sha256);
            if (result.Refusal is not null && ++refused % 16 == 0)
            {
                File.WriteAllBytes(Bundle, honest);
                Assert.True(Run(node.ImportAsync(Bundle)).Activated);
            }
        });

        Assert.NotEqual(0, refused);
    }

    // What was refused before its first accepted file has changed nothing, which is checked by going on with the same node.
    private SyncClient ResetNode()
    {
        if (_storeTouched || _node is null)
        {
            _node?.Dispose();
            TemporaryFolder.Mirror(Template, _fixture.Options.StoreFolder);
            _node = new SyncClient(
                _fixture.Options, _fixture.Clock, NullLogger<SyncClient>.Instance, new StoreFiles(_ => _storeTouched = true));
            Run(_node.RestoreAsync());
            _storeTouched = false;
        }

        Assert.Equal(1, _node.Models.Single().Active.Version);
        return _node;
    }

    private static void Run(Task task) => task.GetAwaiter().GetResult();

    private static T Run<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
