"""Documents of LLM frameworks, with the frameworks themselves."""

import asyncio
import subprocess
import sys

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore
from llama_index.core import MockEmbedding, VectorStoreIndex
from llama_index.core.schema import MetadataMode

from biorxivist.chunks import chunk_paper
from biorxivist.errors import UsageError
from biorxivist.feed import to_json
from biorxivist.integrations.langchain import BioRxivLoader, BioRxivRetriever
from biorxivist.integrations.llama_index import BioRxivReader
from biorxivist.items import Paper
from biorxivist.library import Library, build
from biorxivist.webtools import BioRxivDriver
from tests.crawling import local_site
from tests.test_chunks import PAPER

OTHER = Paper(doi="10.1101/1", version=1, title="Bare", abstract="An abstract alone.")
ABOUT = {
    "source": PAPER.url, "title": "A title", "authors": "", "doi": PAPER.doi, "version": 2, "server": "", "posted": "", "license": "CC-BY-4.0",
    "kind": "text", "section": "Methods > Counting", "section_kind": "methods",
}  # fmt: skip


@pytest.fixture
def feed(tmp_path):
    path = tmp_path / "papers.jsonl"
    path.write_bytes(b"".join(to_json(paper) + b"\n" for paper in (PAPER, OTHER)))
    return path


def test_langchain_loads_passages(feed):
    loaded = BioRxivLoader(feed, limit=200).load()
    chunks = [*chunk_paper(PAPER, 200), *chunk_paper(OTHER, 200)]
    assert [(d.id, d.page_content) for d in loaded] == [(c.id, c.text) for c in chunks]
    (counting,) = [d for d in loaded if d.id.endswith("#s2.2:0")]
    assert counting.metadata == ABOUT | {"start": 0, "end": len(counting.page_content)}
    assert loaded[-1].metadata["source"] == "https://doi.org/10.1101/1"


def test_sections_and_whole_papers_are_documents_too(feed):
    sections = BioRxivLoader(str(feed), by="section").load()
    assert [d.metadata["section"] for d in sections][:2] == ["Abstract", "Results"]
    assert next(d for d in sections if d.id.endswith("#s2.2")).metadata == ABOUT
    whole = BioRxivLoader([PAPER, OTHER], by="paper").load()
    assert [(d.id, d.page_content) for d in whole] == [(str(PAPER), PAPER.abstract), (str(OTHER), OTHER.abstract)]
    with pytest.raises(UsageError, match="must be 'chunk', 'section' or 'paper'"):
        BioRxivLoader(feed, by="page").load()


def test_langchain_loads_without_blocking_and_one_at_a_time(feed):
    async def load():
        return [document async for document in BioRxivLoader(feed).alazy_load()]

    assert asyncio.run(load()) == BioRxivLoader(feed).load() == asyncio.run(BioRxivLoader(feed).aload())
    assert next(BioRxivLoader(feed).lazy_load()).metadata["section"] == "Abstract"


def test_a_vector_store_of_langchain_takes_each_passage_once(feed):
    store = InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
    loaded = BioRxivLoader(feed).load()
    for _ in range(2):
        store.add_documents(loaded)
    assert len(store.store) == len(loaded)
    (found,) = store.similarity_search(loaded[3].page_content, k=1)
    assert found == loaded[3]


# --- a library ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(feed, monkeypatch):
    for name in ("EMBEDDINGS_URL", "EMBEDDINGS_MODEL"):
        monkeypatch.delenv(name, raising=False)
    build(feed)
    return Library(feed, llm=None)


def test_langchain_retrieves_what_the_library_finds(feed, library):
    retriever = BioRxivRetriever(library=feed)
    for question in ("mouse cells counted", "abstract", "nothing of this kind: zzzz"):
        passages, found = library.search(question, 8), retriever.invoke(question)
        assert [(d.id, d.page_content) for d in found] == [(p.chunk.id, p.chunk.text) for p in passages]
    loaded = {d.id: d for d in BioRxivLoader(feed).load()}
    (counting,) = [d for d in retriever.invoke("counted by two people") if d.id.endswith("#s2.2:0")]
    assert counting.metadata == {k: v for k, v in loaded[counting.id].metadata.items() if k != "authors"}
    assert retriever.invoke("abstract")[0].metadata["source"] == "https://doi.org/10.1101/1"


def test_its_options_hold_for_the_retriever_or_for_one_call(library):
    methods = BioRxivRetriever(library=library, filters={"sections": ("methods",)})
    found = methods.invoke("cells counted grew")
    assert found
    assert {d.metadata["section_kind"] for d in found} == {"methods"}
    assert BioRxivRetriever(library=library, k=1).invoke("counted") == methods.invoke("counted", k=1, sections=())
    assert methods.invoke("counted", license="open", server="medrxiv") == []
    once = BioRxivRetriever(library=library, one_a_paper=True).invoke("counted abstract")
    assert len({d.metadata["doi"] for d in once}) == len(once) == 2
    with pytest.raises(UsageError, match="since=yesterday"):
        methods.invoke("counted", since="yesterday")
    with pytest.raises(ValueError, match="since=yesterday"):
        BioRxivRetriever(library=library, filters={"since": "yesterday"})


def test_passages_come_with_their_neighbours(library, feed):
    (bare,) = library.search("kept grew", 1)
    (wide,) = library.search("kept grew", 1, neighbours=True)
    (document,) = BioRxivRetriever(library=library, k=1, neighbours=True).invoke("kept grew")
    assert document.page_content == "\n".join(filter(None, [wide.before, bare.chunk.text, wide.after]))
    assert document.metadata["start"] == bare.chunk.start


def test_the_retriever_is_a_part_of_a_chain(library):
    seen = []

    class Watch(BaseCallbackHandler):
        def on_retriever_end(self, documents, **kwargs):
            seen.append(documents)

    retriever = BioRxivRetriever(library=library, k=2)
    joined = retriever | RunnableLambda(lambda documents: "\n".join(d.page_content for d in documents))
    prompt = ChatPromptTemplate.from_template("{context}\n\n{question}")
    model = FakeListChatModel(responses=["Five cells."])
    chain = {"context": joined, "question": RunnablePassthrough()} | prompt | model | StrOutputParser()
    assert chain.invoke("cells counted", {"callbacks": [Watch()]}) == "Five cells."
    assert seen == [retriever.invoke("cells counted")]
    assert asyncio.run(chain.ainvoke("cells counted")) == "Five cells."


def test_many_questions_at_once_get_each_its_own_answer(library):
    retriever = BioRxivRetriever(library=library)
    questions = ["cells counted", "abstract", "mouse people", "found five", "zzzz"] * 20
    each = [retriever.invoke(question) for question in questions]
    assert retriever.batch(questions) == each

    async def ask():
        return await retriever.abatch(questions)

    assert asyncio.run(ask()) == each
    assert asyncio.run(retriever.ainvoke("cells counted", k=1)) == each[0][:1]


# --- LlamaIndex --------------------------------------------------------------------------------------------------------


def test_llama_index_reads_passages(feed):
    read = BioRxivReader().load_data(feed)
    assert [(d.id_, d.text, d.metadata) for d in read] == [
        (d.id, d.page_content, d.metadata) for d in BioRxivLoader(feed).load()
    ]
    assert "A title" in read[0].get_content(MetadataMode.EMBED)
    assert PAPER.doi not in read[0].get_content(MetadataMode.EMBED)
    assert PAPER.doi in read[0].get_content(MetadataMode.LLM)
    assert asyncio.run(BioRxivReader().aload_data(feed)) == read


def test_an_index_of_llama_index_finds_them(feed):
    read = BioRxivReader(by="section").load_data(feed)
    index = VectorStoreIndex.from_documents(read, embed_model=MockEmbedding(embed_dim=4))
    found = index.as_retriever(similarity_top_k=99).retrieve("anything")
    assert {node.node.ref_doc_id for node in found} == {d.id_ for d in read}


def test_a_search_is_loaded_as_it_is(tmp_path):
    with local_site(tmp_path, "--delay", "0") as site:
        driver = BioRxivDriver(settings=settings_of(site) | {"BIORXIVIST_DATA": str(tmp_path / "data")})
        try:
            search = driver.search("monocyte", server="both")
            loaded = BioRxivLoader(search, by="paper").load()
            again = asyncio.run(BioRxivLoader(driver.search("monocyte", server="both"), by="paper").aload())
        finally:
            driver.session.close()
    assert [d.metadata["doi"] for d in loaded] == [paper.doi for paper in search.papers]
    assert len(loaded) >= 2
    assert again == loaded


def settings_of(site) -> dict[str, str]:
    return dict(s.split("=", 1) for s in site.settings if s != "-s")


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [("langchain", "langchain_core", "langchain"), ("llama_index", "llama_index.core", "llama-index")],
)
def test_without_the_framework_one_line_says_what_to_install(module, package, extra):
    code = f"import sys; sys.modules['{package.split('.')[0]}'] = None; import biorxivist.integrations.{module}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=False)
    assert done.stderr.splitlines()[-1].endswith(f"pip install 'biorxivist[{extra}]'")
