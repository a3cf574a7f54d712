using Shared.Contracts.Http;

namespace Relay.Training.Simulation;

/// <summary>Feature rows of simulated requests: the one extractor's output in the order of time.</summary>
public static class FeatureRows
{
    /// <summary>Rows of <see cref="HttpFeatureSchema.Count"/> values with their class. Failed logins count from the next
    /// request on, as on a live site, where the answer follows the request.</summary>
    public static IEnumerable<(float[] Features, string Class)> Ingest(IEnumerable<SimulatedRequest> requests)
    {
        HttpFeatureExtractor extractor = new();
        foreach (SimulatedRequest request in requests)
        {
            float[] features = new float[HttpFeatureSchema.Count];
            extractor.Extract(request.Facts, features);
            if (request.LoginFails)
            {
                extractor.RecordFailedLogin(request.Facts.Client, request.Facts.At);
            }

            yield return (features, request.Class);
        }
    }
}
