using System.Globalization;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Demo;

/// <summary>A relay and a protected site in one folder, and the steps that both modes of the demonstration share.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    public DemoStage(DemoModel model, string folder, int relayPort, int sitePort, ProgressWriter progress)
    {
        (Model, Folder, Progress) = (model, folder, progress);
        Relay = new DemoRelay(RelayFolder, model.DatasetsFolder, relayPort);
        Site = new DemoSite("protected-site", Path.Combine(folder, "site"), model.Spec.Name, sitePort);
    }

    /// <summary>The channel of the site.</summary>
    public const string Channel = "stable";

    public DemoModel Model { get; }

    public string Folder { get; }

    public string RelayFolder => Path.Combine(Folder, "relay");

    public ProgressWriter Progress { get; }

    public DemoRelay Relay { get; }

    public DemoSite Site { get; }

    public async Task StartRelayAsync(CancellationToken cancellationToken)
    {
        await Relay.StartAsync(cancellationToken);
        Progress.WriteLine($"relay    listens on {Relay.Address}; its keys, its certificate and its admin key are new");
        await Relay.PutSpecAsync(Model, Model.Spec, cancellationToken);
    }

    public async Task StartSiteAsync(CancellationToken cancellationToken)
    {
        await Site.StartAsync(Relay.Address, Relay, cancellationToken);
        Progress.WriteLine(
            $"site     listens on {Site.Address}; it trusts the relay's root.json and nothing else, enrolls by a token and signs what it sends");
    }

    /// <summary>Trains the next version.</summary>
    public async Task<ModelCard> TrainAsync(ModelSpec spec, int run, CancellationToken cancellationToken)
    {
        await Relay.PutSpecAsync(Model, spec, cancellationToken);
        Progress.WriteLine($"training {spec.Name}, version {run}, from {(Model.IsSimulated ? "simulated traffic" : Model.Data.Train)}");
        VersionDetail trained = await Relay.TrainAsync(spec.Name, Model.DataOfRun(run), Progress.WriteStage, cancellationToken);
        ModelCard card = trained.Card;
        Progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"training done: {card.TreeCount} trees from {card.Train.Rows:N0} rows; on {card.Metrics.Rows:N0} held-out rows " +
                $"{card.Metrics.Figures[0].Name} {card.Metrics.Figures[0].Value:F4}, ")
            + string.Create(CultureInfo.InvariantCulture,
                $"graph and trainer differ by at most {card.Parity.MaxAbsDiff:G2} and in {card.Parity.LabelDisagreements} labels"));
        return card;
    }

    /// <summary>Publishes a version and waits until the site answers with it.</summary>
    public async Task<SiteStatus> RollOutAsync(int version, CancellationToken cancellationToken)
    {
        ChannelView channel = await Relay.PublishAsync(Channel, Model.Spec.Name, version, cancellationToken);
        Progress.WriteLine($"publish  version {version} signed into release {channel.Release} of channel {Channel}");
        SiteStatus status = await Site.WaitUntilAsync($"version {version}", s => s.Active?.Version == version, cancellationToken);
        Progress.WriteLine($"site     verified, tried out and activated version {version} ({status.Active!.Sha256[..12]})");
        return status;
    }

    /// <summary>Adds versions to the folder of the relay, which does not run; the last one misjudges.</summary>
    /// <param name="like">The version that they are copies of.</param>
    /// <param name="others">See <see cref="AddedVersions"/>.</param>
    public async Task<(IReadOnlyList<int> Others, AddedMisjudgment Misjudging)> AddVersionsAsync(
        int like, IReadOnlyList<Func<byte[], int, byte[]>> others, CancellationToken cancellationToken)
    {
        AddedMisjudgment? misjudging = null;
        IReadOnlyList<int> numbers = await AddedVersions.AddAsync(
            RelayFolder, new ModelVersion(Model.Spec.Name, like), [.. others, AddMisjudging], cancellationToken);
        return ([.. numbers.SkipLast(1)], misjudging!);

        byte[] AddMisjudging(byte[] artifact, int number)
        {
            (byte[] bytes, misjudging) = AddedMisjudgment.Create(Model, like, artifact, number);
            return bytes;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Relay.DisposeAsync();
    }
}
