using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Sync.Client.Hosting;

/// <summary>Follows changes of a node's configuration while it runs. What cannot be applied, or is not valid, is logged, and the node goes on with
/// what
/// it has.</summary>
internal sealed partial class OptionsFollower(
    string name, SyncClient node, IEnumerable<IOptionsChangeTokenSource<RelaySyncOptions>> sources, IOptionsFactory<RelaySyncOptions> factory,
    ILogger<SyncClient> logger) : IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];

    /// <summary>Called after options were applied.</summary>
    public Action? Applied { get; set; }

    public void Start() =>
        _subscriptions.AddRange(sources.Where(source => source.Name == name).Select(source => ChangeToken.OnChange(source.GetChangeToken, Apply)));

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    // On a thread of the configuration, which expects no exception.
    private void Apply()
    {
        RelaySyncOptions next;
        try
        {
            next = factory.Create(name);
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException)
        {
            LogInvalid(e.Message);
            return;
        }

        _ = ApplyAsync(next);
    }

    private async Task ApplyAsync(RelaySyncOptions next)
    {
        try
        {
            (IReadOnlyList<string> applied, IReadOnlyList<string> others) = await node.ApplyAsync(next).ConfigureAwait(false);
            if (applied.Count > 0)
            {
                LogApplied(string.Join(", ", applied));
                Applied?.Invoke();
            }

            if (others.Count > 0)
            {
                LogNeedsRestart(string.Join(", ", others));
            }
        }
        catch (Exception e)
        {
            node.ReportUnexpected(e);
        }
    }

    [LoggerMessage(40, LogLevel.Information, "Changed options are applied: {Options}")]
    private partial void LogApplied(string options);

    [LoggerMessage(41, LogLevel.Warning, "Changed options are applied at the next start of the app: {Options}")]
    private partial void LogNeedsRestart(string options);

    [LoggerMessage(42, LogLevel.Error, "The changed options are not valid, and this node goes on with those it has: {Errors}")]
    private partial void LogInvalid(string errors);
}
