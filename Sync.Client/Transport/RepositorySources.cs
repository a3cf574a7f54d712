using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>The relay and its mirrors, in the order of requests. What one of them withholds or falsifies is requested from the next, and the
/// refusal is reported all the same. For one caller at a time.</summary>
/// <param name="report">Gets each refusal for which another source made up.</param>
internal sealed class RepositorySources(IReadOnlyList<IRepositorySource> all, Action<Refusal> report)
{
    private int _leading;

    /// <summary>True when the first source, which is the relay, did not answer in the last update.</summary>
    public bool IsFirstOffline { get; private set; }

    /// <summary>Runs a whole update from the first source that allows it. That source is then the first to be asked for each file.</summary>
    public async Task<Result<T>> UpdateAsync<T>(Func<IRepositorySource, Task<Result<T>>> update)
        where T : class
    {
        IsFirstOffline = false;
        return await TryAsync(Enumerable.Range(0, all.Count), async source =>
        {
            _leading = source;
            return await update(all[source]).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Fetches one file from the first source whose bytes are accepted.</summary>
    public Task<Result<T>> FetchAsync<T>(Func<IRepositorySource, Task<Result<T>>> fetch)
        where T : class =>
        TryAsync(Enumerable.Range(_leading, all.Count).Select(i => i % all.Count), async source =>
        {
            Result<T> answer = await fetch(all[source]).ConfigureAwait(false);
            return answer.IsAccepted ? answer : AddSource(answer.Refusal, all[source]);
        });

    /// <summary>Adds the source to a refusal, where there are several sources.</summary>
    public Refusal AddSource(Refusal refusal, IRepositorySource source) =>
        all.Count == 1 ? refusal : refusal with { Detail = $"{refusal.Detail} (from {source.Name})" };

    /// <summary>Reports bytes that a source sent the node to and that do not verify: the source itself is asked for them.</summary>
    public void ReportRedirected(Refusal refusal) => report(refusal with { Detail = $"{refusal.Detail} (from where the relay sent this node)" });

    private async Task<Result<T>> TryAsync<T>(IEnumerable<int> order, Func<int, Task<Result<T>>> attempt)
        where T : class
    {
        List<Refusal> refusals = [];
        foreach (int source in order)
        {
            Result<T> answer = await attempt(source).ConfigureAwait(false);
            if (answer.IsAccepted)
            {
                refusals.ForEach(report);
                return answer;
            }

            IsFirstOffline |= source == 0
                && answer.Refusal.Reason is RefusalReason.TransportUnavailable or RefusalReason.TransportTooSlow;
            refusals.Add(answer.Refusal);
        }

        // The result is the first source's refusal: the operator can act on that one.
        refusals.Skip(1).ToList().ForEach(report);
        return refusals.FirstOrDefault()
            ?? new(RefusalReason.TransportUnavailable, "relay", "this node has neither a relay nor a mirror");
    }
}
