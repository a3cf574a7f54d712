using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Relay.Server.Rollouts.Evidence;

/// <summary>What evidence says of a candidate.</summary>
[JsonConverter(typeof(EnumTextConverter<Verdict>))]
internal enum Verdict
{
    /// <summary>One of the arms has no node. It never passes.</summary>
    NoData,

    /// <summary>There are values, and too few for a verdict.</summary>
    NotYet,

    /// <summary>The candidate is not worse than the control by the pass margin.</summary>
    Pass,

    /// <summary>The candidate is worse than the control by more than the harm bound.</summary>
    Fail,
}
