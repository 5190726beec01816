"""Application Streamlit : navigation, état, composants et pages."""
