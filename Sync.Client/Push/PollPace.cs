namespace Sync.Client.Push;

/// <summary>The wait between polls. A relay may slow it within bounds, and never make it shorter.</summary>
internal static class PollPace
{
    private const int MaximumFactor = 10;

    private static readonly TimeSpan Maximum = TimeSpan.FromMinutes(5);

    /// <summary>The node's own wait, or a longer one that the relay asked for.</summary>
    /// <param name="own">By the node's options.</param>
    public static TimeSpan Slow(TimeSpan own, TimeSpan asked)
    {
        TimeSpan bound = Larger(own, Smaller(own * MaximumFactor, Maximum));
        return Larger(own, Smaller(asked, bound));
    }

    private static TimeSpan Larger(TimeSpan first, TimeSpan second) => first > second ? first : second;

    private static TimeSpan Smaller(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
