using System.Diagnostics.Metrics;
using Relay.Server.Telemetry;

namespace Relay.Server.Repository;

/// <summary>Counts what this process made current.</summary>
internal sealed class PublicationMeter : IHostedService
{
    private const string Keys = "keys";
    private const string Content = "content";
    private const string Channel = "channel";
    private const string Renewal = "renewal";

    private readonly TufRepository _repository;
    private readonly Counter<long> _publications;

    public PublicationMeter(RelayMeter meter, TufRepository repository)
    {
        _repository = repository;
        _publications = meter.Meter.CreateCounter<long>(
            "relay.publications", "{publication}",
            "Changes of the repository since the start, by what changed: content (releases, policy), channel, keys, renewal");
        foreach (string change in (string[])[Keys, Content, Channel, Renewal])
        {
            _publications.Add(0, Tag(change));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _repository.Committer.Committed += Count;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _repository.Committer.Committed -= Count;
        return Task.CompletedTask;
    }

    private void Count(RepositoryChange change) => _publications.Add(1, Tag(
        change.RootChanged || change.ChannelKeys is not null ? Keys
        : change.Content.Count > 0 ? Content
        : change.ChangedChannels.Count > 0 ? Channel
        : Renewal));

    private static KeyValuePair<string, object?> Tag(string change) => new("change", change);
}
