namespace Sync.Client.AspNetCore.Scoring;

/// <summary>Holds the verdict of a request while the request lasts; then it holds that of another.</summary>
internal sealed class VerdictFeature
{
    public ThreatVerdict? Verdict { get; set; }
}
