using System.Net.Http.Json;
using Relay.Server.Cli;
using Relay.Server.Repository;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Releases;

/// <summary>A relay whose targets key is offline, with one version that is not published.</summary>
internal sealed class OfflineRelay : IAsyncDisposable
{
    public const string Reason = "learned from poisoned rows";

    public TemporaryFolder Folder { get; } = new();

    public TestRelay Relay { get; private set; } = null!;

    public ModelVersion Version { get; private set; } = null!;

    public static async Task<OfflineRelay> StartAsync()
    {
        OfflineRelay started = new();
        KeyCeremony.Create(started.Folder.Combine("keys"), new CeremonyPlan(3, 2, 1, 1), TimeProvider.System.GetUtcNow(), new DurableFiles());
        started.Relay = await TestRelay.StartAsync(options => options with { KeysFolder = started.Folder.Combine("keys/online") });
        started.Version = await started.Relay.TrainSmallAsync(trees: 2);
        return started;
    }

    /// <returns>The id of the pending publication.</returns>
    public async Task<string> PublishAsync(ModelVersion? version = null, bool schemaChange = false)
    {
        ReleaseRequest request = new() { Models = [version ?? Version], SchemaChange = schemaChange };
        using HttpResponseMessage accepted = await Relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), request, RelayApiJson.Default.ReleaseRequest);
        return (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingNotice))!.Pending;
    }

    public async Task<string> RevokeAsync()
    {
        using HttpResponseMessage accepted = await Relay.Admin.PostAsJsonAsync(
            Routes.RevokeOf(Version.Name, Version.Version), new RevocationRequest { Reason = Reason }, RelayApiJson.Default.RevocationRequest);
        return (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingNotice))!.Pending;
    }

    public async Task<PendingView> PendingAsync(string id) =>
        (await Relay.Admin.GetFromJsonAsync($"{Routes.Pending}/{id}", RelayApiJson.Default.PendingView))!;

    public async Task<RevocationView> RevocationAsync() =>
        Assert.Single((await Relay.Admin.GetFromJsonAsync(Routes.Revocations, RelayApiJson.Default.PageRevocationView))!.Items);

    public Task<string> ApproveAsync(string id, params string[] options) =>
        RunAsync("approve", [id, "--key", Folder.Combine("keys/offline/targets-1.pem"), .. options]);

    public async Task<(int Code, string Output)> SignAsync(string metadata, string pending)
    {
        using StringWriter output = new();
        int code = await CommandLine.RunAsync(
            RelayCommand.Create(),
            ["sign", metadata, "--key", Folder.Combine("keys/offline/targets-1.pem"), "--pending", Folder.Combine(pending)],
            output, TextWriter.Null);
        return (code, output.ToString());
    }

    public async Task<string> RunAsync(string command, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string keyOption = command == "status" ? "--key" : "--approver-key";
        int code = await CommandLine.RunAsync(
            RelayCommand.Create(),
            [command, .. arguments, "--relay", Relay.Address.ToString(), "--ca", Relay.CertificateAuthority, keyOption, Relay.AdminKey],
            output, error);
        Assert.True(code == 0, error.ToString());
        return output.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        Folder.Dispose();
    }
}
