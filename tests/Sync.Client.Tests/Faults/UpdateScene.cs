using DoomedProcess;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Models;
using Shared.Platform.Files;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Faults;

/// <summary>
/// A relay with two releases and the store of a node as it was before the second, or before the first: each test of a fault
/// begins with a copy of it, lets the update fail in its own way and then asks what a fresh node finds.
/// </summary>
internal sealed class UpdateScene : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodeFixture _fixture;
    private readonly TestModel _old;
    private readonly TestModel _new;
    private readonly bool _firstInstallation;

    private UpdateScene(NodeFixture fixture, TestModel old, TestModel next, bool firstInstallation) =>
        (_fixture, _old, _new, _firstInstallation) = (fixture, old, next, firstInstallation);

    public string Store => _fixture.Options.StoreFolder;

    private string Template => _folder.Combine("template");

    /// <param name="firstInstallation">The node begins with an empty store instead of the first release.</param>
    public static async Task<UpdateScene> CreateAsync(bool firstInstallation = false)
    {
        // Large enough that its bytes arrive in several pieces.
        UpdateScene scene = new(
            await NodeFixture.StartAsync(), TestModel.Create(version: 1, trees: 120), TestModel.Create(version: 2, trees: 120), firstInstallation);
        await scene._fixture.PublishAsync(scene._old);
        if (!firstInstallation)
        {
            using SyncClient node = scene.OpenNode();
            Assert.True((await node.RefreshAsync()).Activated);
        }

        await scene._fixture.PublishAsync(scene._new);
        Directory.CreateDirectory(scene.Store);
        TemporaryFolder.Mirror(scene.Store, scene.Template);
        return scene;
    }

    /// <summary>Puts the store back to what it was before the update.</summary>
    public void Reset() => TemporaryFolder.Mirror(Template, Store);

    /// <summary>Copies the store from before the update into a folder that exists, and uses it from now on.</summary>
    public void MoveStore(string folder)
    {
        TemporaryFolder.CopyInto(Template, folder);
        _fixture.Options.StoreFolder = folder;
    }

    public SyncClient OpenNode(Action<FileStep>? beforeStep = null) =>
        new(_fixture.Options, _fixture.Clock, NullLogger<SyncClient>.Instance, new StoreFiles(beforeStep));

    /// <summary>One update in a process of its own; false when it was killed before the given step.</summary>
    public Task<bool> UpdateInAProcessAsync(string killBeforeStep) => DoomedRun.SurvivesAsync("node", Now, killBeforeStep, ProcessArguments);

    /// <summary>The same update in this process.</summary>
    public async Task UpdateHereAsync(Action<FileStep> beforeStep) =>
        Assert.Equal(0, await DoomedCommands.RunAsync("node", Now, beforeStep, [.. ProcessArguments]));

    public IEnumerable<string> ProcessArguments =>
        [_fixture.Server.Address.ToString(), _fixture.Options.TlsRoot!, _fixture.Options.TrustedRoot, Store, _new.Description.Name];

    public DateTimeOffset Now => _fixture.Clock.GetUtcNow();

    /// <summary>A fresh node on the store serves exactly the old or exactly the new release, from the store alone, and its next
    /// refresh brings it to the new one. Returns the version that it found.</summary>
    public async Task<int> AssertWholeAsync()
    {
        using SyncClient node = OpenNode();
        await node.RestoreAsync();
        int found = node.Models.Single().IsReady ? node.Models.Single().Active.Version : 0;
        Assert.True(found == 2 || found == (_firstInstallation ? 0 : 1), $"version {found}");
        AssertAnswers(node, found);

        RefreshResult refresh = await node.RefreshAsync();
        Assert.Null(refresh.Refusal);
        Assert.Empty(node.Status.Quarantine);
        AssertAnswers(node, 2);
        AssertNoLeftovers();
        return found;
    }

    public void AssertAnswers(SyncClient node, int version)
    {
        if (version == 0)
        {
            return;
        }

        TestModel expected = version == 1 ? _old : _new;
        IRelayModel model = node.Models.Single();
        Assert.Equal(expected.Sha256, model.Active.Sha256);
        for (int row = 0; row < expected.Golden.Numbers.Count; row++)
        {
            Assert.Equal(
                expected.Golden.OutputBits[row],
                model.PredictProbabilities(expected.NumbersOf(row)).Select(BitConverter.SingleToUInt32Bits));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        _folder.Dispose();
    }

    // What a fault left must not stay: a node that fails every night would fill its disk.
    private void AssertNoLeftovers()
    {
        string[] files = [.. Directory.EnumerateFiles(Store, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Store, f))];
        Assert.DoesNotContain(files, f => f.EndsWith(".tmp", StringComparison.Ordinal) || f.EndsWith(".part", StringComparison.Ordinal));
        Assert.Contains(Path.Combine("artifacts", _new.Sha256 + ".onnx"), files);
        Assert.InRange(files.Count(f => f.StartsWith("artifacts", StringComparison.Ordinal)), 2, 4);
    }
}
