using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;

namespace Relay.Server.Replicas;

/// <summary>What a replica answers that cannot send a request on.</summary>
internal static class ReplicaProblems
{
    public static ProblemHttpResult NoActiveRelay() => RelayProblems.Problem(
        503, "no-active-relay",
        "Of the relays that share one database, none works at this moment, or the one that did ended during this request. Another takes over within "
            + "seconds: read what there is, and send this again after the time of the Retry-After header.");

    public static ProblemHttpResult NotActive() => RelayProblems.Problem(
        503, "not-active", "Another relay of this database works: the sender looks for it and sends this again.");
}
