using Shared.Contracts;

namespace Sync.Client.Transport;

/// <summary>The relay and its mirrors, in the order in which they are asked. Whatever one of them withholds or falsifies is asked of
/// the next; what was wrong is told all the same. For one caller at a time.</summary>
/// <param name="note">Told of each refusal that another source made good for.</param>
internal sealed class RepositorySources(IReadOnlyList<IRepositorySource> all, Action<Refusal> note)
{
    private int _leading;

    /// <summary>True when the first source, which is the relay, did not answer in the last update.</summary>
    public bool FirstIsAway { get; private set; }

    /// <summary>Makes a whole update from the first source that it can be made from. That source is then asked first for each file.</summary>
    public async Task<Result<T>> UpdateAsync<T>(Func<IRepositorySource, Task<Result<T>>> update)
        where T : class
    {
        FirstIsAway = false;
        return await AskAsync(Enumerable.Range(0, all.Count), async source =>
        {
            _leading = source;
            return await update(all[source]).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>One file from the first source whose bytes are accepted.</summary>
    public Task<Result<T>> FetchAsync<T>(Func<IRepositorySource, Task<Result<T>>> fetch)
        where T : class =>
        AskAsync(Enumerable.Range(_leading, all.Count).Select(i => i % all.Count), async source =>
        {
            Result<T> answer = await fetch(all[source]).ConfigureAwait(false);
            return answer.IsAccepted ? answer : Named(answer.Refusal, all[source]);
        });

    /// <summary>Says whose file it was, where there are several who could have sent it.</summary>
    public Refusal Named(Refusal refusal, IRepositorySource source) =>
        all.Count == 1 ? refusal : refusal with { Detail = $"{refusal.Detail} (from {source.Name})" };

    private async Task<Result<T>> AskAsync<T>(IEnumerable<int> order, Func<int, Task<Result<T>>> ask)
        where T : class
    {
        List<Refusal> refusals = [];
        foreach (int source in order)
        {
            Result<T> answer = await ask(source).ConfigureAwait(false);
            if (answer.IsAccepted)
            {
                refusals.ForEach(note);
                return answer;
            }

            FirstIsAway |= source == 0
                && answer.Refusal.Reason is RefusalReason.TransportUnavailable or RefusalReason.TransportTooSlow;
            refusals.Add(answer.Refusal);
        }

        // The first source's refusal is the answer: it is the one that the operator can do something about.
        refusals.Skip(1).ToList().ForEach(note);
        return refusals.FirstOrDefault()
            ?? new(RefusalReason.TransportUnavailable, "relay", "this node has neither relay nor mirror to ask");
    }
}
