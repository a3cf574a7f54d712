using System.Diagnostics;
using Relay.TestKit;
using Shared.Contracts;
using Sync.Client.Storage;
using Sync.Client.Tests.Faults;

namespace Sync.Client.Tests.Storage;

public sealed partial class NodeStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_StoreThatIsOpen_IsRefusedUntilItIsClosed()
    {
        NodeStore first = NodeStore.Open(_folder.FullPath);

        using NodeStore second = NodeStore.Open(_folder.FullPath);
        Refusal? refused = second.Fault;
        first.Dispose();

        Assert.Equal(RefusalReason.StoreInUse, refused?.Reason);
        Assert.Null(second.Prepare());
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public void Open_StoreOfAnotherProcess_IsRefused()
    {
        if (!File.Exists("/usr/bin/flock"))
        {
            Assert.Skip("needs flock as the other process");
        }

        NodeStore.Open(_folder.FullPath).Dispose();
        using Process other = Process.Start(new ProcessStartInfo(
            "/usr/bin/flock", [_folder.Combine("store.lock"), "sh", "-c", "echo held; read wait"])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());

        using NodeStore store = NodeStore.Open(_folder.FullPath);
        Refusal? refused = store.Fault;
        other.StandardInput.Close();
        other.WaitForExit();

        Assert.Equal(RefusalReason.StoreInUse, refused?.Reason);
    }

    [Fact]
    public void Open_FolderThatCannotBeMade_SaysSo()
    {
        File.WriteAllText(_folder.Combine("file"), "");

        using NodeStore store = NodeStore.Open(_folder.Combine("file"));
        Refusal? refused = store.Fault;
        File.Delete(_folder.Combine("file"));

        Assert.Equal(RefusalReason.StoreUnavailable, refused?.Reason);
        Assert.Null(store.Prepare());
    }

    [Theory]
    [InlineData("active.json", "")]
    [InlineData("active.json", "{")]
    [InlineData("active.json", "{\"current\":null}")]
    [InlineData("active.json", "null")]
    [InlineData("active.json", "{\"current\":{\"number\":1,\"acceptedAt\":\"2030-01-01T00:00:00Z\",\"models\":[null]},\"previous\":null}")]
    [InlineData("active.json", "{\"current\":{\"number\":-1,\"acceptedAt\":\"2030-01-01T00:00:00Z\",\"models\":[]},\"previous\":null}")]
    [InlineData(
        "active.json", "{\"current\":{\"number\":1,\"acceptedAt\":\"2030-01-01T00:00:00Z\",\"models\":" +
            "[{\"name\":\"m\",\"version\":1,\"sha256\":\"../x\"}]},\"previous\":null}")]
    [InlineData("active.json", "{\"\\ud800\":1}")]
    [InlineData("quarantine.json", "[null]")]
    [InlineData("quarantine.json", "[{\"artifact\":null,\"failures\":1,\"retryAt\":null}]")]
    [InlineData(
        "quarantine.json", "[{\"artifact\":{\"model\":\"m\",\"version\":1,\"sha256\":\"x\",\"reason\":\"OnnxMalformed\"}," +
            "\"failures\":1,\"retryAt\":null}]")]
    [InlineData(
        "quarantine.json", "[{\"artifact\":{\"model\":\"m\\u001b\",\"version\":1,\"sha256\":\"SHA256\",\"reason\":\"OnnxMalformed\"}," +
            "\"failures\":1,\"retryAt\":null}]")]
    [InlineData("quarantine.json", "[{\"artifact\":{\"model\":\"m\",\"version\":1,\"sha256\":\"SHA256\",\"reason\":\"no " +
        "word\"},\"failures\":1,\"retryAt\":null}]")]
    [InlineData("quarantine.json", "7")]
    [InlineData("steering.json", "{\"mode\":\"Pinned\",\"release\":null}")]
    [InlineData("steering.json", "{\"mode\":\"Held\",\"release\":3}")]
    [InlineData("steering.json", "{\"mode\":17,\"release\":null}")]
    [InlineData("steering.json", "{\"mode\":\"ModeOfTomorrow\",\"release\":null}")]
    [InlineData("steering.json", "")]
    [InlineData("schemas.json", "{}")]
    [InlineData("metadata.json", "{\"timestamp\":\"\",\"snapshot\":\"\",\"roles\":[null]}")]
    public void Read_FileThatTheNodeDidNotWrite_HasNoContentAndIsSaid(string file, string content)
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        File.WriteAllText(_folder.Combine(file), content.Replace("SHA256", new string('a', 64), StringComparison.Ordinal));

        Assert.True(IsWithoutContent(store, file));
        Assert.Equal(RefusalReason.StoreDamaged, Assert.Single(store.TakeFileFaults()).Reason);
    }

    [Fact]
    public void ReadSteering_FileLongerThanAnyState_IsNotTakenForAMissingOne()
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        using (FileStream file = File.Create(_folder.Combine("steering.json")))
        {
            file.SetLength(100_000_000);
        }

        Assert.Equal((null, false), store.ReadSteering());
        Assert.Equal(RefusalReason.StoreDamaged, Assert.Single(store.TakeFileFaults()).Reason);
    }

    [Fact]
    public void ReadSteering_MembersOfANewerVersion_AreIgnored()
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        File.WriteAllText(_folder.Combine("steering.json"), "{\"mode\":\"Pinned\",\"release\":3,\"until\":\"2031-01-01T00:00:00Z\"}");

        Assert.Equal((NodeSteering.PinnedTo(3), true), store.ReadSteering());
    }

    [Fact]
    public void Prepare_FolderThatWasDeleted_IsMadeAgainAndLockedAgain()
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        Directory.Delete(_folder.FullPath, recursive: true);

        Assert.Null(store.Prepare());
        using NodeStore second = NodeStore.Open(_folder.FullPath);

        Assert.Equal(RefusalReason.StoreInUse, second.Fault?.Reason);
        Assert.True(Directory.Exists(_folder.Combine("artifacts")));
    }

    [Fact]
    public void KeepOnly_OtherArtifactsAndDownloads_AreGone()
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        File.WriteAllText(store.ArtifactPath("aa"), "");
        File.WriteAllText(store.SignaturePath("aa"), "");
        File.WriteAllText(store.ArtifactPath("bb"), "");
        File.WriteAllText(store.DownloadPath("cc"), "");

        store.KeepOnly(models: new HashSet<string> { "aa" }, documents: new HashSet<string>());

        Assert.True(File.Exists(store.ArtifactPath("aa")) && File.Exists(store.SignaturePath("aa")));
        Assert.False(File.Exists(store.ArtifactPath("bb")) || File.Exists(store.DownloadPath("cc")));
    }

    private static bool IsWithoutContent(NodeStore store, string file) => file switch
    {
        "active.json" => store.ReadActive() is null,
        "quarantine.json" => store.ReadQuarantine().Count == 0,
        "steering.json" => store.ReadSteering() is (null, false),
        "schemas.json" => store.ReadSchemas().Count == 0,
        "metadata.json" => store.ReadWholeMetadata() is null,
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, null),
    };
}
