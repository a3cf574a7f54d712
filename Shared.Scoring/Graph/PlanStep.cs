namespace Shared.Scoring.Graph;

/// <summary>One step of a plan; what does not depend on rows is computed in its constructor. Thread-safe; a run allocates
/// nothing.</summary>
internal abstract class PlanStep
{
    public abstract void Run(in Rows rows);
}
